namespace Ballast.Firmware.Agent
{
    /// <summary>Two raw slots of non-volatile storage. Integrity is the caller's: it writes the older slot and checks a CRC.</summary>
    public interface IStore
    {
        /// <summary>Reads a slot (0 or 1) into the buffer; returns the bytes read, 0 if it is empty, -1 if it cannot be read.</summary>
        int Read(int slot, byte[] buffer);

        /// <summary>Replaces a slot (0 or 1). False if the medium refused; the slot is then undefined.</summary>
        bool Write(int slot, byte[] buffer, int count);
    }
}
