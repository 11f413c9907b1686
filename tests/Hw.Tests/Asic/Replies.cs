namespace Ballast.Hw.Tests.Asic;

/// <summary>Frames as chips send them, with a CRC computed bit by bit, independent of the driver's tables.</summary>
internal static class Replies
{
    public static int Crc5(ReadOnlySpan<byte> bytes, int extraBits = 0, int extraBitCount = 0)
    {
        int crc = 0x1F;
        foreach (byte value in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
                crc = Next(crc, value >> bit & 1);
        }

        for (int bit = extraBitCount - 1; bit >= 0; bit--)
            crc = Next(crc, extraBits >> bit & 1);
        return crc;
    }

    public static byte[] Register(int length, uint value, int address, int register)
    {
        byte[] frame = new byte[length];
        frame[0] = 0xAA;
        frame[1] = 0x55;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(2), value);
        frame[6] = (byte)address;
        frame[7] = (byte)register;
        return Seal(frame, 0);
    }

    public static byte[] Nonce(int length, ReadOnlySpan<byte> nonce, int afterNonce, int jobByte, int versionBits = 0)
    {
        byte[] frame = new byte[length];
        frame[0] = 0xAA;
        frame[1] = 0x55;
        nonce.CopyTo(frame.AsSpan(2));
        frame[6] = (byte)afterNonce;
        frame[7] = (byte)jobByte;
        if (length == 11)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), (ushort)versionBits);
        return Seal(frame, 4);
    }

    private static byte[] Seal(byte[] frame, int type)
    {
        frame[^1] = (byte)(type << 5 | Crc5(frame.AsSpan(2, frame.Length - 3), type, 3));
        return frame;
    }

    private static int Next(int crc, int bit)
    {
        int top = (crc >> 4 ^ bit) & 1;
        crc = crc << 1 & 0x1F;
        return top != 0 ? crc ^ 0x05 : crc;
    }
}
