namespace Ballast.EndToEnd;

/// <summary>Somebody who does not know the command line yet: each mistake is one sentence that says what to do, and exit code 2.</summary>
public sealed class CliUsageTests
{
    [Theory]
    [InlineData("", "is no command of ballast: use demo, console, ", "nonsense")]
    [InlineData("audit", "ballast audit does one of these, say which: verify, ", "audit")]
    [InlineData("audit", "'verfy' is no command of ballast audit: use verify, ", "audit", "verfy")]
    [InlineData("frame", "ballast frame does one of these, say which: ", "frame")]
    [InlineData("console", "'--nope' is no option of ballast console.", "console", "--nope")]
    [InlineData("conform", "'--nope' is no option of ballast conform.", "conform", "--nope")]
    [InlineData("demo", "'24' is one word too many for ballast demo.", "demo", "24")]
    [InlineData("pll", "ballast pll needs <chip> and <MHz>.", "pll")]
    [InlineData("pll", "ballast pll needs <MHz>.", "pll", "BM1370")]
    [InlineData("pool", "--port is 'abc': give a whole number.", "pool", "--port", "abc")]
    [InlineData("day", "--from is 'noon': give a number.", "day", "--from", "noon")]
    public void A_wrong_call_is_one_sentence_that_names_the_help_of_its_command(string command, string sentence, params string[] arguments)
    {
        (int code, string output, string error) = CliProcess.Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.EndsWith(" See " + ("ballast " + command).TrimEnd() + " --help.\n", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("--port must be 0…65535, not 99999.", "pool", "--port", "99999")]
    [InlineData("--boards must be 1…200, not 0.", "demo", "--boards", "0")]
    [InlineData("--fault knows broker-restart, not flood.", "demo", "--fault", "flood")]
    [InlineData("cannot be read: it is a folder, so name a file in it.", "config", "check", "/")]
    [InlineData("cannot be read: it is a folder, so name a file in it.", "conform", "/")]
    [InlineData("Cannot read '/': it is a folder, so name a file in it.", "share", "/")]
    public void A_wrong_value_is_one_sentence_and_nothing_begins(string sentence, params string[] arguments)
    {
        (int code, string output, string error) = CliProcess.Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Without_a_word_it_shows_what_there_is()
    {
        (int code, string output, string error) = CliProcess.Run();
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("audit  ", output, StringComparison.Ordinal);
    }
}
