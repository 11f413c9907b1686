using System;
using System.Text;

namespace Ballast.Firmware.Grid
{
    /// <summary>A cursor over a byte buffer, big-endian. Reading past the end gives zeros and sets <see cref="Failed"/>.</summary>
    public sealed class ByteRecord
    {
        /// <summary>The buffer.</summary>
        public readonly byte[] Data;

        /// <summary>Next byte.</summary>
        public int Position;

        /// <summary>Index after the last byte that may be used.</summary>
        public int End;

        /// <summary>True once something did not fit or was not there.</summary>
        public bool Failed;

        /// <summary>Makes a cursor with its own buffer.</summary>
        public ByteRecord(int size)
        {
            Data = new byte[size];
            End = size;
        }

        /// <summary>Starts at the first byte; nothing beyond <paramref name="end"/> is touched.</summary>
        public void Begin(int end)
        {
            Position = 0;
            End = end;
            Failed = false;
        }

        /// <summary>Writes one byte.</summary>
        public void PutByte(int value)
        {
            if (Take(1))
            {
                Data[Position - 1] = (byte)value;
            }
        }

        /// <summary>Reads one byte.</summary>
        public int GetByte() => Take(1) ? Data[Position - 1] : 0;

        /// <summary>Writes a flag.</summary>
        public void PutBool(bool value) => PutByte(value ? 1 : 0);

        /// <summary>Reads a flag.</summary>
        public bool GetBool() => GetByte() != 0;

        /// <summary>Writes 32 bits.</summary>
        public void PutUInt(uint value)
        {
            if (Take(4))
            {
                Data[Position - 4] = (byte)(value >> 24);
                Data[Position - 3] = (byte)(value >> 16);
                Data[Position - 2] = (byte)(value >> 8);
                Data[Position - 1] = (byte)value;
            }
        }

        /// <summary>Reads 32 bits.</summary>
        public uint GetUInt()
        {
            if (!Take(4))
            {
                return 0;
            }

            int p = Position - 4;
            return ((uint)Data[p] << 24) | ((uint)Data[p + 1] << 16) | ((uint)Data[p + 2] << 8) | Data[p + 3];
        }

        /// <summary>Writes a signed number.</summary>
        public void PutInt(int value) => PutUInt((uint)value);

        /// <summary>Reads a signed number.</summary>
        public int GetInt() => (int)GetUInt();

        /// <summary>Writes bytes of a known count.</summary>
        public void PutBytes(byte[] from, int count)
        {
            if (Take(count))
            {
                Array.Copy(from, 0, Data, Position - count, count);
            }
        }

        /// <summary>Reads bytes of a known count.</summary>
        public void GetBytes(byte[] into, int count)
        {
            if (Take(count))
            {
                Array.Copy(Data, Position - count, into, 0, count);
            }
        }

        /// <summary>Writes a text of at most 255 bytes in UTF-8.</summary>
        public void PutText(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > 255)
            {
                Failed = true;
                return;
            }

            PutByte(bytes.Length);
            PutBytes(bytes, bytes.Length);
        }

        /// <summary>Reads a text.</summary>
        public string GetText()
        {
            int n = GetByte();
            if (n == 0 || !Take(n))
            {
                return "";
            }

            return Encoding.UTF8.GetString(Data, Position - n, n);
        }

        private bool Take(int count)
        {
            if (Failed || count > End - Position)
            {
                Failed = true;
                return false;
            }

            Position += count;
            return true;
        }
    }
}
