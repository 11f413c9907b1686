using System.Text.Json;

namespace Ballast.Virtual.Conformance;

/// <summary>A value of a vectors file with its path, so that a wrong shape can be told by place.</summary>
internal readonly record struct VectorNode(JsonElement Element, string Path)
{
    /// <summary>The values of an array.</summary>
    public IReadOnlyList<VectorNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list");
        string path = Path;
        return [.. Element.EnumerateArray().Select((item, i) => new VectorNode(item, $"{path}[{i}]"))];
    }

    /// <summary>A member that must be there.</summary>
    public VectorNode Member(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        return Element.TryGetProperty(name, out JsonElement member)
            ? new VectorNode(member, $"{Path}.{name}")
            : throw new VectorShapeException($"{Path} has no member \"{name}\".");
    }

    /// <summary>A whole number in a range.</summary>
    public long Number(string name, long min, long max)
    {
        VectorNode node = Member(name);
        if (node.Element.ValueKind != JsonValueKind.Number || !node.Element.TryGetInt64(out long value) || value < min || value > max)
            throw node.Wrong($"a whole number from {min} to {max}");
        return value;
    }

    /// <summary>A number of 31 bits.</summary>
    public int Int(string name) => (int)Number(name, 0, int.MaxValue);

    /// <summary>A number of 32 bits.</summary>
    public uint U32(string name) => (uint)Number(name, 0, uint.MaxValue);

    /// <summary>true or false.</summary>
    public bool Bool(string name)
    {
        VectorNode node = Member(name);
        return node.Element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw node.Wrong("true or false"),
        };
    }

    /// <summary>A string.</summary>
    public string Text(string name)
    {
        VectorNode node = Member(name);
        return node.Element.ValueKind == JsonValueKind.String ? node.Element.GetString()! : throw node.Wrong("a string");
    }

    /// <summary>A list of 32-bit numbers.</summary>
    public int[] Ints(string name) =>
        [.. Member(name).Items().Select(n => n.Element.ValueKind == JsonValueKind.Number && n.Element.TryGetInt32(out int i) ? i : throw n.Wrong("a whole number of 32 bits"))];

    private VectorShapeException Wrong(string expected) => new($"{Path} must be {expected}.");
}
