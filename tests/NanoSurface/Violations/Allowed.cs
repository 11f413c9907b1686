using System;
using System.Threading;

namespace Planted
{
    /// <summary>What looks unusual and works on the device: the lint must stay silent about it.</summary>
    public sealed class Allowed
    {
        public delegate int Change(int value);

        private static readonly byte[] Bytes = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
        private static readonly uint[] Words = { 1, 2, 3, 4, 5 };
        private readonly object _lock = new object();
        private int _count;

        public enum Kind
        {
            None,
            Some,
        }

        public struct Point
        {
            public int X;
            public int Y;
        }

        public int[][] Jagged { get; } = new int[2][];

        public static string Text(Kind kind, int value)
        {
            switch (kind)
            {
                case Kind.None: return "none";
                default: return $"some {value:X2} {(int)kind}";
            }
        }

        public static int Length(string unit) => unit switch
        {
            "mW" => 1,
            "W" => 2,
            "kW" => 3,
            "MW" => 4,
            "GW" => 5,
            "TW" => 6,
            "PW" => 7,
            _ => 0,
        };

        public int Run(Point[] points, ref int total)
        {
            int offset = Bytes[3];
            Change add = a => a + offset;
            foreach (Point p in points)
            {
                total += add(p.X) + Math.Max(p.Y, 0);
            }

            lock (_lock)
            {
                unchecked
                {
                    _count += (int)Words[2];
                }
            }

            try
            {
                return Interlocked.Increment(ref _count);
            }
            catch (InvalidOperationException e) when (e.Message != null)
            {
                return 0;
            }
            finally
            {
                _count = 0;
            }
        }
    }
}
