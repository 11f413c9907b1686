namespace Ballast.NanoGate.Lint;

/// <summary>One thing that the lint refuses.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Type">Full name of the outermost type that it is in.</param>
/// <param name="Where">Member or local.</param>
/// <param name="What">What was found, and what to write instead.</param>
public sealed record Finding(LintRule Rule, string Type, string Where, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Where}: {What}";
}
