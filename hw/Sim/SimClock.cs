using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>Time that whoever runs a simulation moves by hand.</summary>
    public sealed class SimClock : IClock
    {
        /// <summary>Milliseconds since the start of the simulation. Only ever raise it.</summary>
        public long NowMs { get; set; }
    }
}
