using Ballast.Wire;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// What a command says that changes something: one sentence as text, or one line of JSON with <c>done</c>, <c>error</c> or
    /// <c>ask</c> for a jig.
    /// </summary>
    public sealed class Answer
    {
        private readonly ConsoleText _out;
        private readonly JsonWriter _json = new JsonWriter();
        private readonly byte[] _buffer = new byte[512];

        /// <summary>Makes an answer that writes into a text.</summary>
        public Answer(ConsoleText to)
        {
            _out = to;
        }

        /// <summary>True for JSON. A question keeps it for the answer that it gets.</summary>
        public bool AsJson { get; set; }

        /// <summary>It is done.</summary>
        public void Done(string what) => Say("done", what, what, false);

        /// <summary>It is refused, and nothing changed.</summary>
        public void Refuse(string why) => Say("error", why, why, false);

        /// <summary>Done, or refused with a reason.</summary>
        public void Say(string? reason, string done)
        {
            if (reason == null)
            {
                Done(done);
            }
            else
            {
                Say("error", reason, "not done: " + reason, false);
            }
        }

        /// <summary>The next line must answer a question. In text the question is the prompt.</summary>
        public void Ask(string question, bool secret)
        {
            if (AsJson)
            {
                Say("ask", question, "", secret);
            }
        }

        private void Say(string key, string value, string text, bool secret)
        {
            if (!AsJson)
            {
                _out.Line(text);
                return;
            }

            _json.Begin(_buffer, 0, _buffer.Length);
            _json.OpenObject();
            _json.Text(key, value);
            if (key == "ask")
            {
                _json.Bool("secret", secret);
            }

            _json.CloseObject();
            for (int i = 0; i < _json.Length; i++)
            {
                _out.RawByte(_buffer[i]);
            }

            _out.Line("");
        }
    }
}
