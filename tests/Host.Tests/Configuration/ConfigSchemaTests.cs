using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using NJsonSchema;

namespace Ballast.Host.Tests.Configuration;

/// <summary>The schema says what the host says, as far as a schema can.</summary>
public sealed partial class ConfigSchemaTests
{
    private static readonly string Root = FindRoot();
    private static readonly string File = Path.Combine(Root, "hostagent", "ballast.schema.json");

    [Fact]
    public void The_schema_is_what_records_comments_and_check_say()
    {
        // BALLAST_WRITE_TABLES=1 writes it instead; the program takes it in with its next build.
        string made = SchemaWriter.Write();
        if (Environment.GetEnvironmentVariable("BALLAST_WRITE_TABLES") == "1")
        {
            System.IO.File.WriteAllText(File, made);
        }

        Assert.True(made == System.IO.File.ReadAllText(File), "hostagent/ballast.schema.json is out of date: BALLAST_WRITE_TABLES=1 dotnet test tests/Host.Tests --filter ConfigSchemaTests");
    }

    [Theory]
    [InlineData("rampS", "minimum", "0")]
    [InlineData("rampS", "maximum", "3600")]
    [InlineData("rampS", "default", "15")]
    [InlineData("mqtt/properties/port", "maximum", "65535")]
    [InlineData("pods/items/properties/boards/items/properties/kid", "maximum", "255")]
    [InlineData("schedules/items/properties/class", "enum", "[\"economic\",\"reliability\"]")]
    [InlineData("alerts/properties/mail/properties/tls", "enum", "[\"starttls\",\"tls\",\"none\"]")]
    [InlineData("ladders", "enum", "[\"manual\",\"auto\"]")]
    [InlineData("site", "pattern", "\"^[a-z0-9-]{1,32}$\"")]
    [InlineData("pods/items", "required", "[\"id\"]")]
    [InlineData("pods/items", "additionalProperties", "false")]
    [InlineData("surplus/items/properties/fallbackW", "minimum", "0")]
    [InlineData("surplus/items/properties/fallbackW", "maximum", null)]
    [InlineData("sensors/items/properties/chip", "enum", null)]
    public void Rules_of_one_member_are_in_it_and_rules_between_members_are_not(string at, string keyword, string? expected)
        => Assert.Equal(expected, at.Split('/').Aggregate(JsonNode.Parse(OptionsDocuments.Schema)!["properties"]!, (node, step) => node[step]!)[keyword]?.ToJsonString());

    [Fact]
    public async Task Example_and_every_whole_configuration_of_the_readme_fit_and_load()
    {
        JsonSchema schema = await SchemaAsync();
        string[] blocks = [.. Block().Matches(await System.IO.File.ReadAllTextAsync(Path.Combine(Root, "hostagent", "README.md"), TestContext.Current.CancellationToken)).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(blocks);
        foreach (string text in blocks.Select(b => b.Replace("64 hex digits", ToySite.Key(1), StringComparison.Ordinal)).Append(OptionsDocuments.Example))
        {
            Assert.Empty(schema.Validate(Comment().Replace(text, "")));
            Assert.NotNull(OptionsFile.Parse(text, out IReadOnlyList<string> problems));
            Assert.Empty(problems);
        }
    }

    [Theory]
    [InlineData("\"rampsS\":4")]
    [InlineData("\"mqtt\":{\"prot\":1883}")]
    [InlineData("\"rampS\":4000")]
    [InlineData("\"rampS\":1.5")]
    [InlineData("\"meter\":{\"configured\":\"yes\"}")]
    [InlineData("\"ladders\":\"often\"")]
    [InlineData("\"http\":null")]
    [InlineData("\"feeders\":[null]")]
    [InlineData("\"feeders\":{}")]
    [InlineData("\"homeAssistant\":{\"class\":\"emergency\"}")]
    [InlineData("\"sources\":[{\"key\":\"00\",\"id\":\"a\"}]")]
    [InlineData("\"alerts\":{\"rules\":[{\"code\":\"sus\"}]}")]
    public async Task A_typing_error_is_refused_by_schema_and_host(string member)
    {
        string text = "{\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[]," + member + "}";
        Assert.NotEmpty((await SchemaAsync()).Validate(text));
        Assert.Null(OptionsFile.Parse(text, out IReadOnlyList<string> problems));
        Assert.DoesNotContain("System.", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("Ballast.Host", problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rampS\":\"quick\"", "a whole number belongs here")]
    [InlineData("\"capW\":\"much\"", "a number belongs here")]
    [InlineData("\"meter\":{\"configured\":1}", "true or false")]
    [InlineData("\"hostId\":1", "in quotes")]
    [InlineData("\"feeders\":{}", "a list belongs here")]
    [InlineData("\"mqtt\":[]", "an object belongs here")]
    [InlineData("\"http\":null", "null is not possible here")]
    [InlineData("\"rampsS\":1", "'rampsS' is not known here")]
    [InlineData("\"rampS\":1,\"rampS\":2", "'rampS' is there twice")]
    [InlineData("\n\"feeders\":[null]", "null in a list, line 2")]
    public void What_cannot_be_read_is_said_in_words_of_the_file(string member, string expected)
    {
        Assert.Null(OptionsFile.Parse("{\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[]," + member + "}", out IReadOnlyList<string> problems));
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_may_name_its_schema()
    {
        const string Text = "{\"$schema\":\"ballast.schema.json\",\"site\":\"demo\",\"stateDir\":\"/nonexistent\",\"pods\":[]}";
        Assert.NotNull(OptionsFile.Parse(Text, out _));
        Assert.Empty((await SchemaAsync()).Validate(Text));
    }

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromJsonAsync(OptionsDocuments.Schema, TestContext.Current.CancellationToken);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }

    [GeneratedRegex("^```json\n(\\{.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^\\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
