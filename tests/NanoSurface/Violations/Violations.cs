using System.Runtime.InteropServices;

// Each class is named after the rule of the lint that it breaks.
namespace Planted
{
    public class GenericType<T>
    {
        public int Count;
    }

    public static class GenericMethod
    {
        public static int Twice<T>(int a) => a + a;
    }

    public static class GenericInstance
    {
        public delegate TResult Change<TIn, TResult>(TIn value);

        public static int Use(Change<int, int> change, int value) => change(value);
    }

    public static class MultiDimensionalArray
    {
        public static int Corner()
        {
            var table = new int[2, 2];
            return table[1, 1];
        }
    }

    public static class CheckedArithmetic
    {
        public static int Add(int a, int b) => checked(a + b);

        public static byte Narrow(int a) => checked((byte)a);
    }

    public static class StackAllocation
    {
        public static unsafe int First()
        {
            int* four = stackalloc int[4];
            return four[0];
        }
    }

    public static class FunctionPointer
    {
        public static unsafe int Call(delegate*<int, int> f) => f(1);
    }

    public static class PinnedLocal
    {
        public static unsafe int First(byte[] data)
        {
            fixed (byte* p = data)
            {
                return *p;
            }
        }
    }

    public static class RawPointer
    {
        public static unsafe int Read(int* p) => *p;
    }

    public interface DefaultInterfaceMethod
    {
        int Half(int a) => a / 2;
    }

    [StructLayout(LayoutKind.Explicit)]
    public struct ExplicitLayout
    {
    }

    public static class EnumAsText
    {
        public enum Colour
        {
            Red,
        }

        public static string Name(Colour colour) => colour.ToString();

        public static string Sentence(Colour colour) => "it is " + colour;

        public static object Box(Colour colour) => colour;
    }

    public static class LongToFloat
    {
        public static double Widen(long value) => value;
    }
}
