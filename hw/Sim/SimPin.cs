using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>An output pin of the control board, and the level that the board's pull resistor gives it while nobody drives it.</summary>
    public sealed class SimOutputPin : IOutputPin
    {
        private readonly bool _pull;
        private bool _level;

        /// <summary>Starts undriven at the level of the pull resistor.</summary>
        public SimOutputPin(bool pull)
        {
            _pull = pull;
            _level = pull;
        }

        /// <summary>The level now.</summary>
        public bool IsHigh => _level;

        /// <summary>Level changes since the start.</summary>
        public int Changes { get; private set; }

        /// <summary>Drives the pin.</summary>
        public void Write(bool high)
        {
            if (high != _level)
            {
                Changes++;
            }

            _level = high;
        }

        /// <summary>Nobody drives it any more: the controller is in reset or dead.</summary>
        public void Float() => Write(_pull);
    }

    /// <summary>An input pin that a test sets.</summary>
    public sealed class SimInputPin : IInputPin
    {
        /// <summary>Starts at a level.</summary>
        public SimInputPin(bool high)
        {
            IsHigh = high;
        }

        /// <summary>The level now.</summary>
        public bool IsHigh { get; set; }
    }
}
