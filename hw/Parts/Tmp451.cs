using Ballast.Hw.Bus;

namespace Ballast.Hw.Parts
{
    /// <summary>Registers of the TMP451 (TI SBOS686). Configuration has one address to read and another to write.</summary>
    public enum Tmp451Register
    {
        /// <summary>Own temperature, °C.</summary>
        LocalHigh = 0x00,

        /// <summary>Remote temperature, °C.</summary>
        RemoteHigh = 0x01,

        /// <summary>Status: bit 7 busy, bit 2 open diode.</summary>
        Status = 0x02,

        /// <summary>Configuration to read: bit 6 shuts down, bit 2 extended range.</summary>
        ConfigurationRead = 0x03,

        /// <summary>Configuration to write.</summary>
        ConfigurationWrite = 0x09,

        /// <summary>Starts one conversion in shut-down.</summary>
        OneShot = 0x0F,

        /// <summary>Remote temperature, 1/16 °C in bits 7–4.</summary>
        RemoteLow = 0x10,

        /// <summary>Offset of the remote temperature, °C.</summary>
        RemoteOffset = 0x11,

        /// <summary>Own temperature, 1/16 °C in bits 7–4.</summary>
        LocalLow = 0x15,

        /// <summary>Correction of the diode's ideality.</summary>
        NFactor = 0x23,

        /// <summary>Manufacturer id: 0x55.</summary>
        ManufacturerId = 0xFE,
    }

    /// <summary>TMP451: channel 0 the remote diode, 1 its own sensor; 0…127 °C.</summary>
    public sealed class Tmp451 : ITemperatureSensor
    {
        /// <summary>Usual address; the board file may name another.</summary>
        public const int DefaultAddress = 0x4C;

        private const int OpenDiode = 0x04;

        private readonly I2cPart _part;
        private readonly int _nFactor;

        /// <summary>Takes the bus, the address, and the n-factor register's value for the diode (0 for 1.008).</summary>
        public Tmp451(II2cBus bus, int address, int nFactor)
        {
            _part = new I2cPart(bus, address);
            _nFactor = nFactor;
        }

        /// <summary>Remote and own.</summary>
        public int ChannelCount => 2;

        /// <summary>Identifies the part, sets continuous conversion in the standard range and the n-factor, read back.</summary>
        public PartStatus Configure()
        {
            PartStatus status = _part.ReadByte((int)Tmp451Register.ManufacturerId, out int id);
            if (status != PartStatus.Ok)
            {
                return status;
            }

            if (id != 0x55)
            {
                return PartStatus.WrongPart;
            }

            status = _part.WriteByte((int)Tmp451Register.ConfigurationWrite, 0);
            int back = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)Tmp451Register.ConfigurationRead, out back);
            }

            if (status == PartStatus.Ok && back != 0)
            {
                status = PartStatus.ReadBackDiffers;
            }

            return status == PartStatus.Ok ? _part.WriteByteChecked((int)Tmp451Register.NFactor, _nFactor) : status;
        }

        /// <summary>Reads a channel in m°C, steps of 62.5. An open diode is <see cref="PartStatus.Implausible"/>.</summary>
        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            milliC = 0;
            if (channel < 0 || channel > 1)
            {
                return PartStatus.OutOfRange;
            }

            PartStatus status = PartStatus.Ok;
            int flags = 0;
            if (channel == 0)
            {
                status = _part.ReadByte((int)Tmp451Register.Status, out flags);
            }

            int high = 0;
            int low = 0;
            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)(channel == 0 ? Tmp451Register.RemoteHigh : Tmp451Register.LocalHigh), out high);
            }

            if (status == PartStatus.Ok)
            {
                status = _part.ReadByte((int)(channel == 0 ? Tmp451Register.RemoteLow : Tmp451Register.LocalLow), out low);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            // The standard range ends at 127 °C; above it is a code without meaning.
            if ((flags & OpenDiode) != 0 || high > 127)
            {
                return PartStatus.Implausible;
            }

            milliC = (high * 1000) + ((low >> 4) * 125 / 2);
            return PartStatus.Ok;
        }
    }
}
