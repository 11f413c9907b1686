using System.Collections.Concurrent;

namespace Ballast.Virtual.Processes;

/// <summary>
/// One thread that starts all children and lives as long as the process. The kernel ties "end with my parent" to the thread that
/// forked, and a thread of the pool may end early.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static StarterThread()
    {
        var thread = new Thread(() =>
        {
            foreach (Action action in Work.GetConsumingEnumerable())
                action();
        })
        {
            IsBackground = true,
            Name = "child starter",
        };
        thread.Start();
    }

    public static void Run(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }
}
