using System.Text;
using System.Text.Json.Nodes;
using Ballast.Virtual.Conformance;

namespace Ballast.Virtual.Tests;

public sealed class ConformanceTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vectors-{Guid.NewGuid():n}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_vectors_of_the_independent_implementation_pass()
    {
        var (code, output, error) = Run(Good().ToJsonString());
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("choice        400 passed      0 failed", output);
        Assert.Contains("envelopes      12 passed      0 failed", output);
        Assert.Contains("inversion      60 passed      0 failed", output);
    }

    [Theory]
    [InlineData("choice", "ladderId")]
    [InlineData("choice", "hull")]
    [InlineData("choice", "costMjPerTh")]
    [InlineData("choice", "orders.rank")]
    [InlineData("choice", "orders.point")]
    [InlineData("choice", "caps.point")]
    [InlineData("choice", "caps.belowMinimum")]
    [InlineData("inversion", "unreachable")]
    [InlineData("inversion", "limitMjPerTh")]
    [InlineData("inversion", "share")]
    [InlineData("inversion", "totalMw")]
    public void A_planted_wrong_value_is_found(string section, string member)
    {
        JsonNode root = Good();
        JsonNode vector = root[section]![5]!;
        string[] parts = member.Split('.');
        JsonNode holder = parts.Length == 2 ? vector[parts[0]]![1]! : vector;
        holder[parts[^1]] = holder[parts[^1]] switch
        {
            JsonArray => new JsonArray(0, 1000),
            JsonValue v when v.TryGetValue(out bool b) => !b,
            JsonValue v => v.GetValue<long>() ^ 1,
            _ => throw new InvalidOperationException(member),
        };

        var (code, output, _) = Run(root.ToJsonString());
        Assert.Equal(1, code);
        Assert.Contains("1 failed", output);
        Assert.Contains($"first mismatch: {section}[5]", output);
        Assert.Contains(parts[^1] + " should be", output);
    }

    [Theory]
    [InlineData("keyHex", "00", "MAC should be right")]
    [InlineData("topic", "ballast/v1/x/y/dispatch", "MAC should be right")]
    [InlineData("message", "{}", "refuses it (suffix)")]
    public void A_planted_wrong_envelope_is_found(string member, string value, string words)
    {
        JsonNode root = Good();
        root["envelopes"]![3]![member] = value;
        root["envelopes"]![7]![member] = value;
        var (code, output, _) = Run(root.ToJsonString());
        Assert.Equal(1, code);
        Assert.Contains("10 passed      2 failed", output);
        Assert.Contains("first mismatch: envelopes[3]", output);
        Assert.Contains(words, output);
    }

    [Fact]
    public void A_changed_digit_in_a_message_is_found()
    {
        JsonNode root = Good();
        string message = root["envelopes"]![0]!["message"]!.GetValue<string>();
        root["envelopes"]![0]!["message"] = message.Replace("\"leaseS\":60", "\"leaseS\":61", StringComparison.Ordinal);
        Assert.Equal(1, Run(root.ToJsonString()).Code);
    }

    [Fact]
    public void A_ladder_that_breaks_the_rules_is_a_mismatch_with_its_reason()
    {
        JsonNode root = Good();
        root["choice"]![2]!["hashGhs"]![0] = 5;
        var (code, output, _) = Run(root.ToJsonString());
        Assert.Equal(1, code);
        Assert.Contains("is refused: Point 0 hashes 5 GH/s", output);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{}", "no vectors")]
    [InlineData("{\"choice\":[]}", "no vectors")]
    [InlineData("{\"choices\":[]}", "\"choices\" is no section")]
    [InlineData("{\"choice\":{}}", "choice must be a list")]
    [InlineData("{\"choice\":[5]}", "choice[0] must be an object")]
    [InlineData("{\"choice\":[{}]}", "choice[0] has no member \"board\"")]
    [InlineData("{\"choice\":[{\"board\":5}]}", "choice[0].board must be a string")]
    [InlineData("{\"choice\":[{\"board\":\"a\",\"ladderId\":-1}]}", "choice[0].ladderId must be a whole number from 0 to 4294967295")]
    [InlineData("{\"choice\":[{\"board\":\"a\",\"ladderId\":1.5}]}", "choice[0].ladderId must be a whole number")]
    [InlineData("{\"choice\":[{\"board\":\"a\",\"ladderId\":1,\"hull\":[\"0\"]}]}", "choice[0].hull[0] must be a whole number of 32 bits")]
    [InlineData("{\"envelopes\":[{\"keyHex\":\"xy\"}]}", "envelopes[0].keyHex must be hexadecimal")]
    [InlineData("{\"inversion\":[{\"salt\":1,\"capMw\":5,\"unreachable\":0}]}", "inversion[0].unreachable must be true or false")]
    public void A_wrong_shape_is_told_with_its_place(string json, string words)
    {
        var (code, output, error) = Run(json);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is not a vectors file", error);
        Assert.Contains(words, error);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        var error = new StringWriter();
        Assert.Equal(2, VectorRun.Run(_path + ".none", TextWriter.Null, error));
        Assert.Contains("cannot be read", error.ToString());
        Assert.Equal(2, VectorRun.Run(Path.GetTempPath(), TextWriter.Null, error));
    }

    private static JsonNode Good() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "wire.json")))!;

    private (int Code, string Output, string Error) Run(string json)
    {
        File.WriteAllText(_path, json, Encoding.UTF8);
        var output = new StringWriter();
        var error = new StringWriter();
        int code = VectorRun.Run(_path, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
