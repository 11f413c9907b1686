using Ballast.Host.Options;

namespace Ballast.Host.Tests.Configuration;

/// <summary>Files that are no configuration are answered in words of the file.</summary>
public sealed class BrokenFileTests
{
    [Theory]
    [InlineData("", "there is nothing in it")]
    [InlineData("// nothing\n", "there is nothing in it")]
    [InlineData("site: demo", "'s' cannot stand here; a text in quotes")]
    [InlineData("{\"site\":\"demo\",\"pods\":[", "it ends too early")]
    [InlineData("{\"site\":\"demo", "it ends too early")]
    [InlineData("{\"site\":", "it ends too early")]
    [InlineData("{\"site\":\"demo\" \"hostId\":\"h\"}", "a comma, a } or a ] is missing before it")]
    [InlineData("{site:\"demo\"}", "the name of a member belongs here, in quotes")]
    [InlineData("{\"site\" \"demo\"}", "a colon belongs between")]
    [InlineData("{\"site\":\"demo\"} x", "cannot stand here")]
    [InlineData("{\"ledger\":{\"sealMinutes\":\"often\"}}", "a whole number belongs here")]
    [InlineData("{\"ledger\":null}", "null is not possible here")]
    public void What_is_wrong_and_where_is_said_without_the_readers_own_words(string text, string says)
    {
        Assert.Null(OptionsFile.Parse(text, out IReadOnlyList<string> problems));
        string problem = Assert.Single(problems);
        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("isFinalBlock", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_folder_are_said_to_be_that()
    {
        Assert.Null(OptionsFile.Load("/nonexistent/site.json", out IReadOnlyList<string> missing));
        Assert.Contains("cannot be read: ", Assert.Single(missing), StringComparison.Ordinal);
        Assert.Null(OptionsFile.Load(Path.GetTempPath(), out IReadOnlyList<string> folder));
        Assert.EndsWith("it is a folder, so name a file in it.", Assert.Single(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"sealMinutes\": 0", "ledger.sealMinutes is 0: use 1…1440.")]
    [InlineData("\"energyMinutes\": 2000", "ledger.energyMinutes is 2000: use 1…1440.")]
    [InlineData("\"energyMinutes\": 7", "ledger.energyMinutes is 7, of which no whole number makes a day")]
    [InlineData("\"keepSegments\": 0", "ledger.keepSegments is 0: use 1…3650.")]
    public void How_the_record_is_kept_has_its_bounds(string member, string says)
    {
        Assert.Null(OptionsFile.Parse("{\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[],\"ledger\":{" + member + "}}", out IReadOnlyList<string> problems));
        Assert.StartsWith(says, Assert.Single(problems), StringComparison.Ordinal);
        Assert.NotNull(OptionsFile.Parse("{\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[],\"ledger\":{\"energyMinutes\":5,\"sealMinutes\":1}}", out _));
    }
}
