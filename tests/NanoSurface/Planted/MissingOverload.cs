using System;
using System.Text;

namespace Planted
{
    /// <summary>Members that exist on the PC with other parameters: this file must not compile for the device.</summary>
    public static class MissingOverload
    {
        public static long Larger(long a, long b) => Math.Max(a, b);

        public static string Text(byte[] ascii) => Encoding.UTF8.GetString(ascii);

        public static string Line(string[] parts) => string.Join(",", parts);

        public static void Empty(byte[] data) => Array.Clear(data);
    }
}
