using System.Text.Json;

namespace Ballast.Hw.Tests.Asic;

/// <summary>The recorded and computed numbers for chips.</summary>
internal static class AsicVectors
{
    private static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json")));

    public static JsonElement Root => Document.RootElement;

    public static JsonElement Of(string section) => Root.GetProperty(section);

    public static byte[] Bytes(this JsonElement element, string member) => Convert.FromHexString(element.GetProperty(member).GetString()!);

    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;

    public static int Int(this JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
