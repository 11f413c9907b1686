using Ballast.Hw.Asic;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Boards
{
    /// <summary>The buses and pins of a control board, opened by whoever owns them. A board file takes what it needs; the rest may be null.</summary>
    public sealed class BoardIo
    {
        /// <summary>Monotonic time.</summary>
        public IClock Clock = null!;

        /// <summary>The I2C bus with regulator, fan controller and sensors.</summary>
        public II2cBus? I2c;

        /// <summary>The UART to the chips.</summary>
        public IUart? AsicUart;

        /// <summary>The SPI bus to the chips.</summary>
        public ISpiBus? AsicSpi;

        /// <summary>Chip reset, active low.</summary>
        public IOutputPin? AsicReset;

        /// <summary>Regulator enable; the board file knows its active level.</summary>
        public IOutputPin? RegulatorEnable;

        /// <summary>Enable of the chips' auxiliary supply, active high, on boards that switch it.</summary>
        public IOutputPin? AuxiliaryEnable;

        /// <summary>Identify LED.</summary>
        public IOutputPin? Led;

        /// <summary>Hard-wired curtail input (rule S13).</summary>
        public IInputPin? CurtailInput;

        /// <summary>The board's own button.</summary>
        public IInputPin? Button;
    }

    /// <summary>A board put together: its description and the drivers of its parts. Nothing is touched before they are called.</summary>
    public sealed class Hashboard
    {
        /// <summary>What the board is.</summary>
        public BoardDescription Description = null!;

        /// <summary>The chips.</summary>
        public IHashChain Chain = null!;

        /// <summary>The core regulator.</summary>
        public IRegulator Regulator = null!;

        /// <summary>The fans.</summary>
        public IFanController Fans = null!;

        /// <summary>Chip temperature.</summary>
        public ITemperatureSensor ChipTemperature = null!;

        /// <summary>Channel of <see cref="ChipTemperature"/> that is the chip.</summary>
        public int ChipTemperatureChannel;

        /// <summary>The buses and pins it was put together from.</summary>
        public BoardIo Io = null!;
    }
}
