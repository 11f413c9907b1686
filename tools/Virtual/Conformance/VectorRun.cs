using System.Text;
using System.Text.Json;

namespace Ballast.Virtual.Conformance;

/// <summary>How one section of a vectors file went.</summary>
/// <param name="Name">The section.</param>
/// <param name="Passed">Vectors that this build answers alike.</param>
/// <param name="Failed">Vectors that it answers otherwise.</param>
/// <param name="FirstMismatch">Where the first of these differs and how; null if there is none.</param>
public sealed record SectionResult(string Name, int Passed, int Failed, string? FirstMismatch);

/// <summary>
/// Runs a vectors file (sections `choice`, `envelopes`, `inversion`; any of them may be absent) against the wire of this build. Whoever
/// builds boards or a host of his own makes such a file with his implementation, or runs ours on it.
/// </summary>
public static class VectorRun
{
    private static readonly (string Name, Func<VectorNode, string?> Check)[] Sections =
    [
        ("choice", ChoiceVector.Mismatch),
        ("envelopes", EnvelopeVector.Mismatch),
        ("inversion", InversionVector.Mismatch),
    ];

    /// <summary>Runs a file, prints what came of it, and returns the exit code: 0 all alike, 1 a mismatch, 2 not a vectors file.</summary>
    public static int Run(string path, TextWriter output, TextWriter error)
    {
        IReadOnlyList<SectionResult> results;
        try
        {
            results = Run(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine($"{path} cannot be read: {Host.Options.Unreadable.Why(path, e)}");
            return 2;
        }
        catch (VectorShapeException e)
        {
            error.WriteLine($"{path} is not a vectors file: {e.Message}");
            return 2;
        }

        foreach (SectionResult section in results)
        {
            output.WriteLine($"{section.Name,-10} {section.Passed,6} passed {section.Failed,6} failed");
            if (section.FirstMismatch != null)
                output.WriteLine($"           first mismatch: {section.FirstMismatch}");
        }

        return results.Any(s => s.Failed > 0) ? 1 : 0;
    }

    /// <summary>Runs a file's text.</summary>
    /// <exception cref="VectorShapeException">It is not a vectors file; the message says what is wrong where.</exception>
    public static IReadOnlyList<SectionResult> Run(byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using JsonDocument document = Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new VectorShapeException("The file must be one JSON object.");
        foreach (JsonProperty section in document.RootElement.EnumerateObject())
            if (!Sections.Any(s => s.Name == section.Name))
                throw new VectorShapeException($"\"{section.Name}\" is no section: there are choice, envelopes and inversion.");

        List<SectionResult> results = [];
        foreach (var (name, check) in Sections)
            if (document.RootElement.TryGetProperty(name, out JsonElement section))
                results.Add(RunSection(name, check, new VectorNode(section, name)));
        return results.Sum(r => r.Passed + r.Failed) > 0 ? results : throw new VectorShapeException("It has no vectors.");
    }

    private static SectionResult RunSection(string name, Func<VectorNode, string?> check, VectorNode section)
    {
        int passed = 0;
        int failed = 0;
        string? first = null;
        foreach (VectorNode vector in section.Items())
        {
            string? mismatch = check(vector);
            if (mismatch == null)
            {
                passed++;
                continue;
            }

            failed++;
            first ??= $"{vector.Path}: {mismatch}";
        }

        return new SectionResult(name, passed, failed, first);
    }

    private static JsonDocument Parse(byte[] json)
    {
        try
        {
            // A mark at the start is allowed, as editors write one.
            ReadOnlyMemory<byte> text = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json.AsMemory(3) : json;
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new VectorShapeException($"it is not JSON ({e.Message})", e);
        }
    }
}
