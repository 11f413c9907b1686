using System.Text;
using System.Text.Json;

namespace Ballast.Host.Keys;

/// <summary>
/// "secret:NAME" anywhere in the configuration stands for a secret of the store. It is put in place of the string itself, so that line
/// numbers of later faults stay right.
/// </summary>
public static class SecretReferences
{
    private static ReadOnlySpan<byte> Prefix => "secret:"u8;

    /// <summary>True if a text of the configuration stands for a secret of the store.</summary>
    internal static bool Is(string text) => text.StartsWith("secret:", StringComparison.Ordinal);

    /// <summary>Names that a text refers to; empty if it is no JSON.</summary>
    internal static IReadOnlyList<string> In(byte[] json)
    {
        List<string> names = [];
        Walk(json, (_, _, name) => names.Add(name));
        return names;
    }

    /// <summary>Puts secrets in.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="values">The secrets.</param>
    /// <param name="problems">A sentence for each that is not there.</param>
    internal static byte[] Expand(byte[] json, IReadOnlyDictionary<string, NamedSecret> values, List<string> problems)
    {
        using MemoryStream result = new(json.Length);
        int copied = 0;
        Walk(json, (start, length, name) =>
        {
            if (!values.TryGetValue(name, out NamedSecret? secret))
            {
                problems.Add("The secret '" + name + "' is not in the secret store: put it there with 'ballast keys set " + (SecretSet.IsName(name) ? name : "NAME") + "', or correct the name.");
                return;
            }

            result.Write(json, copied, start - copied);
            result.Write(JsonSerializer.SerializeToUtf8Bytes(secret.Value));
            copied = start + length;
        });
        result.Write(json, copied, json.Length - copied);
        return result.ToArray();
    }

    private static void Walk(byte[] json, Action<int, int, string> found)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith(Prefix))
                {
                    int start = (int)reader.TokenStartIndex;
                    found(start, (int)reader.BytesConsumed - start, Encoding.UTF8.GetString(reader.ValueSpan[Prefix.Length..]));
                }
            }
        }
        catch (JsonException)
        {
            // The reader of the whole configuration says where and why.
        }
    }
}
