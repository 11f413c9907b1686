using System.Buffers;

namespace Ballast.Host;

/// <summary>
/// Text from outside as it may stand on pages, in logs, records and mails: nothing in it ends a line, speaks to a terminal or turns the
/// direction of what stands behind it. It is shown otherwise, never refused: a fall does not fail because of its reason.
/// </summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    // Control characters, line and paragraph separators, and what overrides or isolates the direction of writing.
    private static readonly SearchValues<char> Bad = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    /// <summary>The text; ends of lines and tabs are spaces, other such characters are U+FFFD.</summary>
    internal static string Of(string text)
        => text.AsSpan().IndexOfAny(Bad) < 0 ? text : string.Create(text.Length, text, static (into, said) =>
        {
            for (int i = 0; i < said.Length; i++)
            {
                into[i] = !Bad.Contains(said[i]) ? said[i] : said[i] is '\n' or '\r' or '\t' ? ' ' : Replacement;
            }
        });
}
