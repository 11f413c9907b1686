using System;

namespace Ballast.SelfCheck
{
    /// <summary>Prints a line a check and counts them.</summary>
    public class Report
    {
        private int _passed;
        private int _failed;

        /// <summary>Notes a check.</summary>
        public void Check(string name, bool holds)
        {
            if (holds)
                _passed++;
            else
                _failed++;
            Line((holds ? "ok    " : "wrong ") + name);
        }

        /// <summary>Prints the last line; true if all checks passed.</summary>
        public bool End()
        {
            bool good = _failed == 0 && _passed > 0;
            Line(good ? "PASS " + _passed.ToString() : "FAIL");
            return good;
        }

        /// <summary>Puts out a line.</summary>
        protected virtual void Line(string text) => Console.WriteLine(text);
    }
}
