using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ballast.Cli;

/// <summary>What is wrong with how this program was called, in one sentence that says what to do.</summary>
internal static class Usage
{
    /// <summary>The sentence, or null if nothing is wrong.</summary>
    internal static string? Fault(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = NameOf(parsed.CommandResult);
        string? wrong = command.Subcommands.Count > 0 ? OfGroup(parsed, command, name) : StrangeOption(parsed, name) ?? (parsed.Errors.Count > 0 ? OfError(parsed, name) : null);
        return wrong is null ? null : $"{wrong} See {name} --help.";
    }

    private static string? OfGroup(ParseResult parsed, Command group, string name)
    {
        if (parsed.Errors.Count == 0)
            return null;
        string known = string.Join(", ", group.Subcommands.Select(c => c.Name));
        return parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command of {name}: use {known}." : $"{name} does one of these, say which: {known}.";
    }

    // What begins with a dash and is no option would be taken for the name of a board or a file.
    private static string? StrangeOption(ParseResult parsed, string name)
    {
        if (parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash))
            return null;
        string? strange = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Concat(parsed.UnmatchedTokens).FirstOrDefault(t => t.Length > 1 && t[0] == '-' && !char.IsAsciiDigit(t[1]));
        return strange is null ? null : $"'{strange}' is no option of {name}.";
    }

    private static string OfError(ParseResult parsed, string name)
    {
        if (parsed.UnmatchedTokens.Count > 0)
            return $"'{parsed.UnmatchedTokens[0]}' is one word too many for {name}.";
        string[] missing = [.. parsed.CommandResult.Command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 }).Select(a => $"<{a.Name}>")];
        if (missing.Length > 0)
            return $"{name} needs {string.Join(" and ", missing)}.";
        foreach (OptionResult option in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Errors.Any() && option.Tokens.Count > 0 && Kind(option.Option.ValueType) is { } kind)
                return $"{option.Option.Name} is '{option.Tokens[0].Value}': give {kind}.";
        }

        return parsed.Errors[0].Message;
    }

    private static string? Kind(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) || plain == typeof(long) ? "a whole number" : plain == typeof(double) ? "a number" : null;
    }

    private static string NameOf(CommandResult result) => result.Parent is CommandResult parent ? NameOf(parent) + " " + result.Command.Name : "ballast";
}
