using System.Text;

namespace Ballast.Terminal;

/// <summary>
/// A program or a jig at a console: sends one line at a time, waits for the prompt, and prints what lay between without echo and prompts.
/// </summary>
public sealed class ConsoleScript
{
    /// <summary>Longest line that a board takes.</summary>
    public const int MaxLine = 200;

    private const string Prompt = "> ";
    private const string Cancelled = "^C\r\n" + Prompt;
    private const int TurnMs = 100;
    private const int CallTurns = 15;
    private const int Calls = 3;

    // A question of the board ends in a colon and a blank, and nothing follows.
    private const string Question = ": ";
    private const int QuestionTurns = 2;

    private readonly TtyPort _port;
    private readonly int _silenceTurns;
    private readonly StringBuilder _heard = new();
    private readonly byte[] _buffer = new byte[1024];

    /// <summary>For a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="silenceS">How long a board may say nothing before it counts as gone, s.</param>
    public ConsoleScript(TtyPort port, int silenceS)
    {
        _port = port;
        _silenceTurns = silenceS * 1000 / TurnMs;
    }

    /// <summary>
    /// Gets a clean prompt, whatever somebody left half typed. False if nothing that is a board's console answers.
    /// </summary>
    public bool TryBegin(CancellationToken stop)
    {
        for (int call = 0; call < Calls && !stop.IsCancellationRequested; call++)
        {
            if (!Send("\u0003"))
                return false;
            for (int turn = 0; turn < CallTurns; turn++)
            {
                if (Hear() == Heard.Gone)
                    return false;
                if (Ends(Cancelled))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Sends a line. What the board answered, line by line; null if it went silent or away.</summary>
    public IReadOnlyList<string>? Ask(string line, CancellationToken stop)
    {
        _heard.Clear();
        if (!Send(line + "\r"))
            return null;
        int silent = 0;
        while (silent < _silenceTurns && !stop.IsCancellationRequested)
        {
            Heard heard = Hear();
            if (heard == Heard.Gone)
                return null;
            silent = heard == Heard.Something ? 0 : silent + 1;

            // The echo of the line ends with the first end of line; the prompt comes after it.
            int echo = IndexOfLineEnd();
            if (echo < 0)
                continue;
            string rest = _heard.ToString(echo + 1, _heard.Length - echo - 1);
            if (rest == Prompt || rest.EndsWith("\n" + Prompt, StringComparison.Ordinal))
                return Lines(rest[..^Prompt.Length]);
            if (silent >= QuestionTurns && rest.EndsWith(Question, StringComparison.Ordinal))
                return Lines(rest);
        }

        return null;
    }

    /// <summary>True if the board would take this line.</summary>
    public static bool Takes(string line) => line.Length <= MaxLine && line.All(c => c is >= ' ' and <= '~');

    private static string[] Lines(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            lines[i] = lines[i].TrimEnd('\r', ' ');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private bool Send(string text)
    {
        ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text);
        for (int turn = 0; !rest.IsEmpty && turn < CallTurns; turn++)
        {
            int took = _port.Write(rest);
            if (took < 0)
                return false;
            rest = rest[took..];
            if (!rest.IsEmpty)
                Hear();
        }

        return rest.IsEmpty;
    }

    private Heard Hear()
    {
        if (!_port.Wait(TurnMs))
            return Heard.Nothing;
        int got = _port.Read(_buffer);
        if (got < 0)
            return Heard.Gone;
        _heard.Append(Encoding.ASCII.GetString(_buffer, 0, got));
        return got > 0 ? Heard.Something : Heard.Nothing;
    }

    private bool Ends(string tail) => _heard.Length >= tail.Length && _heard.ToString(_heard.Length - tail.Length, tail.Length) == tail;

    private int IndexOfLineEnd()
    {
        for (int i = 0; i < _heard.Length; i++)
        {
            if (_heard[i] == '\n')
                return i;
        }

        return -1;
    }

    private enum Heard
    {
        Nothing,
        Something,
        Gone,
    }
}
