namespace Ballast.SelfCheck
{
    /// <summary>Proves the rooms on a bare device or the interpreter.</summary>
    public static class Program
    {
        /// <summary>Runs all checks and prints one line a check.</summary>
        public static void Main()
        {
        }
    }
}
