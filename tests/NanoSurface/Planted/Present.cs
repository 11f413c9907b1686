using System;
using System.Text;

namespace Planted
{
    /// <summary>Members that the device has: this file compiles.</summary>
    public static class Present
    {
        public static int Larger(int a, int b) => Math.Max(a, b);

        public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }
}
