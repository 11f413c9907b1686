using System;
using System.Text;
using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>Carries out an accepted message for one board (contract section 4).</summary>
    public sealed class SetActions
    {
        /// <summary>Value of <c>slot</c> that means the pod's key.</summary>
        public const int PodKeySlot = 0;

        /// <summary>Value of <c>slot</c> that means the board's own key.</summary>
        public const int BoardKeySlot = 1;

        private readonly GridTopics _topics;
        private readonly BoardRecord _record;
        private readonly OrderState _orders;
        private readonly IGridActions _actions;
        private readonly byte[] _key = new byte[SetMessage.KeySize];

        /// <summary>Makes it over the record and the order state that messages change.</summary>
        public SetActions(GridTopics topics, BoardRecord record, OrderState orders, IGridActions actions)
        {
            _topics = topics;
            _record = record;
            _orders = orders;
            _actions = actions;
        }

        /// <summary>Runs it. The text says why it was not done, or is null.</summary>
        public string? Run(SetMessage m, bool downwardOnly, KeySlot slot, out AckResult result, out bool save)
        {
            string? reason = null;
            result = AckResult.Applied;
            save = false;
            switch (m.Kind)
            {
                case SetKind.PowerW:
                    save = _orders.AcceptPower(m.PowerW, m.Class, downwardOnly);
                    break;
                case SetKind.Release:
                    save = _orders.AcceptRelease(m.Class, downwardOnly);
                    reason = downwardOnly ? "looks old: nothing is released, send it again" : null;
                    break;
                case SetKind.Admit:
                    if (!_orders.AcceptAdmit(m.BootNonce, m.Epoch, m.AfterSeq))
                    {
                        reason = _record.LockedOut ? "locked out" : "another bootNonce";
                    }

                    break;
                case SetKind.Identify:
                    reason = _actions.Identify();
                    break;
                case SetKind.Restart:
                    reason = _actions.Restart((int)m.Value);
                    break;
                case SetKind.ClearFault:
                    reason = _actions.ClearFault();
                    break;
                case SetKind.Lockout:
                    _orders.SetLockout(m.Value != 0);
                    save = true;
                    break;
                case SetKind.Pool:
                    reason = TakePool(m);
                    save = reason == null;
                    break;
                case SetKind.LadderId:
                    reason = _actions.AcceptLadder(m.Value);
                    save = reason == null;
                    break;
                case SetKind.LogLevel:
                    save = _record.LogLevel != (int)m.Value;
                    _record.LogLevel = (int)m.Value;
                    break;
                case SetKind.InstallKey:
                    reason = InstallKey(m, slot);
                    save = reason == null;
                    break;
                case SetKind.DropKid:
                    bool pod = _record.PodKeys.Drop((int)m.Value);
                    bool board = _record.BoardKeys.Drop((int)m.Value);
                    save = pod || board;
                    reason = save ? null : "no such key, or the last of its stream";
                    break;
                default:
                    reason = "unknown action";
                    break;
            }

            if (reason != null)
            {
                result = AckResult.Ignored;
            }

            return reason;
        }

        private string? InstallKey(SetMessage m, KeySlot slot)
        {
            if (slot.Mac == null)
            {
                return "no key";
            }

            Array.Copy(m.NewKey, _key, _key.Length);
            KeyCipher.Apply(slot.Mac, _topics.SetBytes, _topics.SetBytes.Length, m.Epoch, m.Seq, _key, 0);
            StreamKeys keys = m.Value == PodKeySlot ? _record.PodKeys : _record.BoardKeys;
            bool done = keys.Install(m.NewKid, _key, 0);
            Array.Clear(_key, 0, _key.Length);
            return done ? null : "kid in use: choose another";
        }

        private string? TakePool(SetMessage m)
        {
            int slot = (int)m.Value;
            if (slot >= BoardRecord.PoolSlots || m.Text == null)
            {
                return "this board has pool slots 0 to 3";
            }

            if (m.UrlLength > 128 || m.UserLength > 128 || m.PassLength > 64)
            {
                return "too long: url and user at most 128 bytes, pass 64";
            }

            string url = Text(m.Text, m.UrlOff, m.UrlLength);
            string user = Text(m.Text, m.UserOff, m.UserLength);
            string password = Text(m.Text, m.PassOff, m.PassLength);
            string? reason = _actions.SetPool(slot, url, user, password);
            if (reason == null)
            {
                _record.KeepPool(slot, url, user, password);
            }

            return reason;
        }

        private static string Text(byte[] from, int off, int count) => count == 0 ? "" : Encoding.UTF8.GetString(from, off, count);
    }
}
