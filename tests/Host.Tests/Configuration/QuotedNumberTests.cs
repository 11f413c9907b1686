using Ballast.Host.Options;
using NJsonSchema;

namespace Ballast.Host.Tests.Configuration;

/// <summary>A number is written without quotes: the schema that editors use and the host say the same.</summary>
public sealed class QuotedNumberTests
{
    [Theory]
    [InlineData("\"rampS\":\"15\"", "$.rampS", "a whole number belongs here, without quotes")]
    [InlineData("\"baseW\":\"12.5\"", "$.baseW", "a number belongs here, without quotes")]
    [InlineData("\"mqtt\":{\"port\":\"1883\"}", "$.mqtt.port", "a whole number belongs here, without quotes")]
    [InlineData("\"capW\":\"500\"", "$.capW", "a number belongs here, without quotes")]
    [InlineData("\"feeders\":[{\"id\":\"f1\",\"pods\":[],\"capW\":\"5\"}]", "$.feeders[0].capW", "a number belongs here, without quotes")]
    [InlineData("\"baseW\":\"NaN\"", "$.baseW", "a number belongs here, without quotes")]
    public async Task A_number_in_quotes_is_refused_by_schema_and_host_with_its_path(string member, string path, string says)
    {
        string text = "{\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[]," + member + "}";
        Assert.NotEmpty((await JsonSchema.FromJsonAsync(OptionsDocuments.Schema, TestContext.Current.CancellationToken)).Validate(text));
        Assert.Null(OptionsFile.Parse(text, out IReadOnlyList<string> problems));
        Assert.StartsWith("The configuration is not readable at " + path + ", line 1: " + says, Assert.Single(problems), StringComparison.Ordinal);
    }
}
