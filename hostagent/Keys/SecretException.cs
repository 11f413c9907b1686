namespace Ballast.Host.Keys;

/// <summary>Secrets cannot be read or written. The message is one sentence for the operator and never contains a secret.</summary>
public sealed class SecretException : Exception
{
    /// <summary>With a sentence.</summary>
    public SecretException(string sentence)
        : base(sentence)
    {
    }

    /// <summary>With a sentence and what caused it.</summary>
    public SecretException(string sentence, Exception cause)
        : base(sentence, cause)
    {
    }
}
