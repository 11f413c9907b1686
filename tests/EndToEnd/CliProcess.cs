using System.Diagnostics;

namespace Ballast.EndToEnd;

/// <summary><c>ballast</c> as a program that somebody calls.</summary>
internal static class CliProcess
{
    internal static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [DemoProcessTests.Cli(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
