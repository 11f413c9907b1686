using System.Diagnostics;
using System.Globalization;

namespace Ballast.EndToEnd;

/// <summary>The demo as a program: however it ends, nothing that it started is left behind.</summary>
public sealed class DemoProcessTests : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly Process _demo;

    public DemoProcessTests()
    {
        // A shell that runs the tests in the background leaves SIGINT ignored to all its children; a terminal does not.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in (string[])["--default-signal=INT", "dotnet", Cli(), "demo", "--boards", "2"])
            start.ArgumentList.Add(argument);
        _demo = new Process { StartInfo = start };
        _demo.OutputDataReceived += (_, e) => Take(e.Data);
        _demo.ErrorDataReceived += (_, e) => Take(e.Data);
        _demo.Start();
        _demo.BeginOutputReadLine();
        _demo.BeginErrorReadLine();
    }

    [Theory]
    [InlineData("TERM", 0)]
    [InlineData("INT", 0)]
    [InlineData("KILL", 137)]
    public async Task Signal_ends_broker_and_host_agent_too(string signal, int exitCode)
    {
        Dictionary<string, int> children = await ChildrenAsync();
        Send(signal, _demo.Id);
        Assert.True(_demo.WaitForExit(Wait.Patience), Said());
        Assert.True(_demo.ExitCode == exitCode, Said());
        await AllGoneAsync(children.Values);
    }

    [Theory]
    [InlineData("Ballast.Host")]
    [InlineData("mosquitto")]
    public async Task Death_of_a_part_ends_the_demo_with_a_sentence_and_a_failure(string part)
    {
        Dictionary<string, int> children = await ChildrenAsync();
        Send("KILL", children[part]);
        Assert.True(_demo.WaitForExit(Wait.Patience), Said());
        Assert.True(_demo.ExitCode == 1, Said());
        Assert.Contains(part == "mosquitto" ? "mosquitto ended" : "host agent ended", Said(), StringComparison.Ordinal);
        await AllGoneAsync(children.Values);
    }

    public void Dispose()
    {
        if (!_demo.HasExited)
            _demo.Kill();
        _demo.Dispose();
    }

    private async Task<Dictionary<string, int>> ChildrenAsync()
    {
        await Wait.UntilAsync(() => _demo.HasExited || Said().Contains("page: http://", StringComparison.Ordinal), "the page of the demo");
        Assert.False(_demo.HasExited, Said());
        var found = new Dictionary<string, int>();
        foreach (string task in Directory.GetDirectories($"/proc/{_demo.Id}/task"))
        {
            foreach (string id in Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string command = Read($"/proc/{id}/cmdline");
                foreach (string part in (string[])["Ballast.Host", "mosquitto"])
                {
                    if (command.Contains(part, StringComparison.Ordinal))
                        found[part] = int.Parse(id, CultureInfo.InvariantCulture);
                }
            }
        }

        Assert.Equal(2, found.Count);
        return found;
    }

    private static async Task AllGoneAsync(IEnumerable<int> ids)
    {
        foreach (int id in ids)
            await Wait.UntilAsync(() => !Runs(id), $"the end of process {id}");
    }

    // Nothing of a thread or process that has ended since it was listed.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    // A process that has ended but was not waited for is a zombie: it runs no longer.
    private static bool Runs(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Send(string signal, int id)
    {
        using Process kill = Process.Start("kill", ["-s", signal, id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    internal static string Cli()
    {
        string here = AppContext.BaseDirectory;
        string configuration = here.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        DirectoryInfo? root = new(here);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Ballast.slnx")))
            root = root.Parent;
        return Path.Combine(root!.FullName, "tools", "Cli", "bin", configuration, "net10.0", "ballast.dll");
    }

    private void Take(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
                _lines.Add(line);
        }
    }

    private string Said()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
