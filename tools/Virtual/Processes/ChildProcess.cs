using System.Diagnostics;

namespace Ballast.Virtual.Processes;

/// <summary>
/// A program that this one started and ends by its id. Where <c>setpriv</c> exists the kernel ends it too when this process is killed,
/// so nothing is left behind in any case.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly Queue<string> _output = new();
    private readonly Lock _gate = new();

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>Called for each line of output, on a thread of the runtime.</summary>
    public event Action<string>? Line;

    /// <summary>What it is, for messages.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its last lines, for a message that says why it ended.</summary>
    public string LastOutput
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _output);
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="file">Program.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="line">Called for each line of output; may be null.</param>
    /// <exception cref="DemoException">It could not be started.</exception>
    public static ChildProcess Start(string name, string file, IEnumerable<string> arguments, Action<string>? line = null)
    {
        bool guarded = File.Exists(SetPriv);
        var start = new ProcessStartInfo(guarded ? SetPriv : file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        if (guarded)
        {
            start.ArgumentList.Add("--pdeathsig=KILL");
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(file);
        }

        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        var child = new ChildProcess(name, process);
        child.Line += line;
        process.OutputDataReceived += (_, e) => child.Take(e.Data);
        process.ErrorDataReceived += (_, e) => child.Take(e.Data);
        try
        {
            StarterThread.Run(() => process.Start());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DemoException($"{name} could not be started ({file}): {e.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Asks it to end, waits, and ends it by force if it does not.</summary>
    public void Stop(int waitMs = 3_000)
    {
        if (_process.HasExited)
            return;
        Signal("TERM");
        if (!_process.WaitForExit(waitMs))
            Kill();
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends it a signal by name, such as STOP.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill") { ArgumentList = { "-s", signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) }, RedirectStandardError = true });
        kill?.WaitForExit();
    }

    /// <summary>Ends it and frees its handles.</summary>
    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            _output.Enqueue(line);
            if (_output.Count > KeptLines)
                _output.Dequeue();
        }

        Line?.Invoke(line);
    }
}
