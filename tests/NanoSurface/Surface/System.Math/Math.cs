namespace System;

// Abs, Max, Min and Clamp exist on the device for int and for floating point only: a long would pass through float and lose digits.
// So only the int overloads are declared, and a long there is a compile error.
public static class Math
{
    public static int Abs(int value) => throw null;
    public static double Ceiling(double d) => throw null;
    public static double Exp(double d) => throw null;
    public static double Floor(double d) => throw null;
    public static double Log(double d) => throw null;
    public static int Max(int val1, int val2) => throw null;
    public static int Min(int val1, int val2) => throw null;
    public static double Pow(double x, double y) => throw null;
    public static double Round(double a) => throw null;
    public static double Sqrt(double d) => throw null;
    public static double Truncate(double d) => throw null;
}
