namespace Ballast.Wire
{
    /// <summary>An alarm: a safety rule and what broke it.</summary>
    public sealed class EventMessage
    {
        /// <summary>Room that the largest event needs, bytes.</summary>
        public const int MaxLength = 512;

        /// <summary>Id of the safety rule, e.g. "S03".</summary>
        public string Rule = "";

        /// <summary>The alarm as a sentence.</summary>
        public string Text = "";

        /// <summary>The value, in the unit that the text names.</summary>
        public long Value;

        /// <summary>The limit, in the same unit.</summary>
        public long Limit;

        private readonly JsonWriter _writer = new JsonWriter();

        /// <summary>Writes the message; its length, or 0 if it does not fit.</summary>
        public int Write(byte[] into, int off)
        {
            JsonWriter w = _writer;
            w.Begin(into, off, into.Length);
            w.OpenObject();
            w.Text(MemberName.Rule, Rule);
            w.Text(MemberName.Text, Text);
            w.Number(MemberName.Value, Value);
            w.Number(MemberName.Limit, Limit);
            w.CloseObject();
            return w.Length;
        }
    }
}
