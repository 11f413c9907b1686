namespace Ballast.Hw.Bus
{
    /// <summary>Monotonic time. It never goes back and knows no date.</summary>
    public interface IClock
    {
        /// <summary>Milliseconds since an arbitrary start.</summary>
        long NowMs { get; }
    }

    /// <summary>A source of random numbers, injected so that a run can be repeated from its seed.</summary>
    public interface IEntropy
    {
        /// <summary>The next 32 bits, uniform over the whole range.</summary>
        uint NextUInt32();
    }
}
