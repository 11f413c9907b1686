namespace Ballast.EndToEnd;

/// <summary><c>ballast config</c> as a program: its exit codes, and what goes where.</summary>
public sealed class ConfigProcessTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("ballast-config-").FullName, "site.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void The_example_is_usable_a_warning_gives_1_and_a_fault_gives_2()
    {
        (int code, string example, string error) = CliProcess.Run("config", "example");
        Assert.True(code == 0, error);
        Assert.Equal(0, Check(example).Code);

        (code, string output, _) = Check(example.Replace("\"host\": \"127.0.0.1\"", "\"host\": \"10.0.0.1\"", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("warning  mqtt goes to 10.0.0.1 without TLS", output, StringComparison.Ordinal);
        Assert.Contains("usable   site site", output, StringComparison.Ordinal);

        (code, output, error) = Check(example.Replace("\"pods\"", "\"podz\"", StringComparison.Ordinal));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("refused  The configuration is not readable", error, StringComparison.Ordinal);
        Assert.Contains("'podz' is not known here", error, StringComparison.Ordinal);
        Assert.Equal(2, CliProcess.Run("config", "check", _file + ".missing").Code);
    }

    [Fact]
    public void The_schema_is_printed()
    {
        (int code, string output, _) = CliProcess.Run("config", "schema");
        Assert.Equal(0, code);
        using var schema = System.Text.Json.JsonDocument.Parse(output);
        Assert.False(schema.RootElement.GetProperty("additionalProperties").GetBoolean());
    }

    private (int Code, string Output, string Error) Check(string text)
    {
        File.WriteAllText(_file, text);
        return CliProcess.Run("config", "check", _file);
    }
}
