using System;
using System.IO;
using Ballast.Firmware.Agent;

namespace Ballast.Device
{
    /// <summary>
    /// Two slots as two files on the internal flash. A write stops every thread while the flash is erased (S20): the agent writes only
    /// what rules ask for, and never from a hot path.
    /// </summary>
    public sealed class FileStore : IStore
    {
        private readonly string _folder;

        /// <summary>Slots in a folder with a trailing backslash, such as <c>I:\</c>.</summary>
        public FileStore(string folder)
        {
            _folder = folder;
        }

        /// <summary>Reads a file from its beginning; bytes read, 0 if there is none, -1 if it cannot be read.</summary>
        public static int ReadFile(string path, byte[] buffer)
        {
            try
            {
                if (!File.Exists(path))
                {
                    return 0;
                }

                using FileStream stream = new FileStream(path, FileMode.Open, FileAccess.Read);
                int total = 0;
                while (total < buffer.Length)
                {
                    int read = stream.Read(buffer, total, buffer.Length - total);
                    if (read <= 0)
                    {
                        break;
                    }

                    total += read;
                }

                return total;
            }
            catch (Exception)
            {
                return -1;
            }
        }

        /// <inheritdoc/>
        public int Read(int slot, byte[] buffer)
        {
            return ReadFile(PathOf(slot), buffer);
        }

        /// <inheritdoc/>
        public bool Write(int slot, byte[] buffer, int count)
        {
            try
            {
                using FileStream stream = new FileStream(PathOf(slot), FileMode.Create, FileAccess.Write);
                stream.Write(buffer, 0, count);
                stream.Flush();
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }

        private string PathOf(int slot)
        {
            return _folder + "ballast" + slot.ToString() + ".rec";
        }
    }
}
