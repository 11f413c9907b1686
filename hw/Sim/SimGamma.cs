using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>A whole Bitaxe Gamma at register level: BM1370 on a UART, TPS546 and EMC2101 on I2C. See <see cref="SimBoard"/>.</summary>
    public sealed class SimGamma : SimBoard
    {
        /// <summary>Builds the board with its parts unpowered and cold; workShift k makes it search rate/2^k (design).</summary>
        public SimGamma(IClock clock, IDigest digest, uint seed, int workShift)
            : base(clock, digest, seed, workShift, SimBoards.Gamma())
        {
        }

        /// <summary>The wire to the chip, with its faults.</summary>
        public SimUart Uart => AsicUart!;

        /// <summary>The chip, with its faults.</summary>
        public SimBm13xxChain Chain => Bm13xx!;

        /// <summary>The regulator, with its faults.</summary>
        public SimTps546 Regulator => Tps546!;

        /// <summary>The fan, with its faults.</summary>
        public SimFan Fan => Fans[0];

        /// <summary>Fan controller and temperature sensor, with their faults.</summary>
        public SimEmc2101 FanController => Emc2101!;
    }
}
