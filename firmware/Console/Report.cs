using Ballast.Wire;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// Writes one command's answer as text for 80 columns or as one line of JSON, from the same calls. A key names its unit; text shows
    /// the unit beside the value.
    /// </summary>
    public sealed class Report
    {
        private const int LabelWidth = 24;
        private const int ValueWidth = 14;
        private const int MaxColumns = 79;

        private readonly ConsoleText _out;
        private readonly JsonWriter _json = new JsonWriter();
        private readonly byte[] _buffer = new byte[6144];
        private bool _asJson;
        private string _row = "";
        private int _lastCell;

        /// <summary>Makes a report that writes into a text.</summary>
        public Report(ConsoleText to)
        {
            _out = to;
        }

        /// <summary>Starts an answer.</summary>
        public void Begin(bool json)
        {
            _asJson = json;
            if (json)
            {
                _json.Begin(_buffer, 0, _buffer.Length);
                _json.OpenObject();
            }
        }

        /// <summary>Ends it.</summary>
        public void End()
        {
            if (!_asJson)
            {
                return;
            }

            _json.CloseObject();
            if (_json.Overflow)
            {
                _out.Line("{\"error\":\"answer too long\"}");
                return;
            }

            for (int i = 0; i < _json.Length; i++)
            {
                _out.RawByte(_buffer[i]);
            }

            _out.Line("");
        }

        /// <summary>A number with its unit.</summary>
        public void Number(string label, string key, long value, string unit)
        {
            if (_asJson)
            {
                _json.Number(key, value);
                return;
            }

            Labelled(label, value.ToString(), unit);
        }

        /// <summary>A number in thousandths of the unit that text shows, e.g. mV shown as V. JSON carries the thousandths, text what is
        /// shown instead, if anything is.</summary>
        public void Milli(string label, string key, long value, string unit, string? shown = null)
        {
            if (_asJson)
            {
                _json.Number(key, value);
                return;
            }

            Labelled(label, shown ?? Thousandths(value), unit);
        }

        /// <summary>A value that is not known, or not there: JSON leaves it out.</summary>
        public void Unknown(string label, string why = "not read")
        {
            if (!_asJson)
            {
                Labelled(label, "-", why);
            }
        }

        /// <summary>A text.</summary>
        public void Text(string label, string key, string value)
        {
            if (_asJson)
            {
                _json.Text(key, value);
                return;
            }

            _lastCell = 2 + LabelWidth;
            _row = "  " + label.PadRight(LabelWidth, ' ') + value;
            EndRow();
        }

        /// <summary>Yes or no.</summary>
        public void Flag(string label, string key, bool value)
        {
            if (_asJson)
            {
                _json.Bool(key, value);
                return;
            }

            _out.Line("  " + label.PadRight(LabelWidth, ' ') + (value ? "yes" : "no"));
        }

        /// <summary>Starts a table. The heading is text only.</summary>
        public void Table(string key, string heading)
        {
            if (_asJson)
            {
                _json.OpenArray(key);
                return;
            }

            _out.Line("  " + heading);
        }

        /// <summary>Starts a row.</summary>
        public void Row()
        {
            _row = "  ";
            if (_asJson)
            {
                _json.OpenArray();
            }
        }

        /// <summary>A number in a row, right-aligned.</summary>
        public void Cell(long value, int width)
        {
            if (_asJson)
            {
                _json.Number(value);
                return;
            }

            _lastCell = _row.Length;
            _row += value.ToString().PadLeft(width, ' ');
        }

        /// <summary>A text in a row, left-aligned after two blanks.</summary>
        public void Cell(string value, int width)
        {
            if (_asJson)
            {
                _json.Text(value);
                return;
            }

            _lastCell = _row.Length + 2;
            _row += "  " + value.PadRight(width, ' ');
        }

        /// <summary>Ends a row.</summary>
        public void EndRow()
        {
            if (_asJson)
            {
                _json.CloseArray();
                return;
            }

            // A long last cell goes on below where it began.
            string row = _row;
            int indent = _lastCell < MaxColumns / 2 ? _lastCell : 4;
            while (row.Length > MaxColumns)
            {
                int cut = row.LastIndexOf(' ', MaxColumns);
                if (cut <= indent)
                {
                    cut = MaxColumns;
                }

                _out.Line(row.Substring(0, cut));
                row = "".PadRight(indent, ' ') + row.Substring(cut).TrimStart(' ');
            }

            _out.Line(row.TrimEnd(' '));
        }

        /// <summary>Ends a table.</summary>
        public void EndTable()
        {
            if (_asJson)
            {
                _json.CloseArray();
            }
        }

        /// <summary>"12.345" of 12345.</summary>
        public static string Thousandths(long value)
        {
            string sign = value < 0 ? "-" : "";
            long v = value < 0 ? -value : value;
            return sign + (v / 1000).ToString() + "." + (v % 1000).ToString().PadLeft(3, '0');
        }

        private void Labelled(string label, string value, string unit) =>
            _out.Line(("  " + label.PadRight(LabelWidth, ' ') + value.PadLeft(ValueWidth, ' ') + " " + unit).TrimEnd(' '));
    }
}
