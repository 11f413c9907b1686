namespace Ballast.Virtual.Bench;

/// <summary>Runs the parts of the bench, by letter.</summary>
public static class BenchRun
{
    /// <summary>What there is, letter and sentence.</summary>
    public static IReadOnlyList<(char Letter, string What)> Parts { get; } =
    [
        ('a', "the host's choice for a new cap, and what it gives away"),
        ('b', "limit posted at the host → order published"),
        ('c', "order published → regulator off on the last board"),
        ('d', "telemetry taken in, memory per board"),
        ('e', "fan-out of one order to 2,000 subscribers"),
        ('f', "the true order under forged and replayed ones"),
    ];

    /// <summary>Runs what the options ask for.</summary>
    /// <exception cref="DemoException">Something is not installed or did not start; the message says what.</exception>
    public static async Task RunAsync(BenchOptions options, IBenchOutput output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool Wanted(char letter) => options.Parts.Contains(letter, StringComparison.OrdinalIgnoreCase);
        if (Wanted('a'))
            ChoicePart.Run(options, output);
        stop.ThrowIfCancellationRequested();
        if (Wanted('b') || Wanted('d'))
            await new HostPart(options, output, Wanted('b'), Wanted('d')).RunAsync(stop);
        if (Wanted('d'))
            IntakePart.Run(options, output);
        stop.ThrowIfCancellationRequested();
        if (Wanted('c'))
            ShedPart.Shed(options, output);
        stop.ThrowIfCancellationRequested();
        if (Wanted('e'))
            ShedPart.FanOut(options, output);
        stop.ThrowIfCancellationRequested();
        if (Wanted('f'))
            await FloodPart.RunAsync(options, output, stop);
    }
}
