using System.Text.Json;

namespace Ballast.Wire.Tests;

/// <summary>The vectors of an independent implementation.</summary>
internal static class Vectors
{
    private static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "wire.json")));

    public static JsonElement Section(string name) => Document.RootElement.GetProperty(name);

    public static TheoryData<int> Indexes(string name)
    {
        var data = new TheoryData<int>();
        for (int i = 0; i < Section(name).GetArrayLength(); i++)
            data.Add(i);
        return data;
    }

    public static int[] Ints(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.GetInt32())];

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static uint U32(this JsonElement element, string name) => element.GetProperty(name).GetUInt32();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static Ladder Ladder(this JsonElement element)
    {
        int[] power = element.Ints("powerMw");
        Ladder? ladder = Wire.Ladder.TryCreate(power, element.Ints("hashGhs"), power.Length, out string? reason);
        Assert.Null(reason);
        return ladder!;
    }
}
