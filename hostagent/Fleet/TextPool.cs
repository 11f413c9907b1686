namespace Ballast.Host.Fleet;

/// <summary>Models, versions and reasons repeat over the fleet; a bounded pool keeps 30,000 boards small.</summary>
internal sealed class TextPool
{
    private const int MaxTexts = 1024;

    private readonly Dictionary<string, string> _texts = [];

    internal string Shared(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
        {
            return known;
        }

        if (_texts.Count < MaxTexts)
        {
            _texts[text] = text;
        }

        return text;
    }
}
