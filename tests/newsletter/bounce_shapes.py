"""What mail servers of many makes send back, in invented words: shapes, of which the reports are made."""

from collections.abc import Iterator
from email.mime.text import MIMEText

WHO, US = "ann.reader@example.org", "letters@journal.example"
RETURNED = f"Return-Path: <{US}>\nFrom: The Analyst <{US}>\nTo: {{to}}\nSubject: Policy, blocked: who pays for spam?\n\nA user unknown to us.\n"
GONE, FULL, SPAM, HARD, SOFT = "5.1.1", "4.2.2", "5.7.1", "5.0.0", "4.0.0"

# Reports as RFC 3464 has them: Status, Diagnostic-Code, and what they mean.
MACHINE = [
    ("5.1.1", "smtp; 550 5.1.1 <{who}>: Recipient address rejected: User unknown in virtual mailbox table", GONE),
    ("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist", GONE),
    ("5.0.0", "smtp; 550 No such user here", GONE),
    ("5.0.0", "smtp; 550 {who}: unbekannt", GONE),
    ("5.0.0", "smtp; 550 Пользователь не найден", GONE),
    ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", "5.1.10"),
    ("5.2.1", "smtp; 550 5.2.1 The account is inactive", "5.2.1"),
    ("5.2.2", "smtp; 552 5.2.2 Over quota", "5.2.2"),
    ("4.2.2", "smtp; 452 4.2.2 The recipient's inbox is out of storage", "4.2.2"),
    ("5.0.0", "smtp; 554 message looks like spam", SPAM),
    ("5.7.1", "smtp; 550 5.7.1 Our system has found unusual mail from your address", SPAM),
    ("5.7.26", "smtp; 550 5.7.26 The sender's domain has a DMARC rule", "5.7.26"),
    ("5.7.606", "smtp; 550 5.7.606 Access denied, banned sending address", "5.7.606"),
    ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", "5.4.1"),
    ("5.4.4", "X-Postfix; Host or domain name not found", "5.4.4"),
    ("4.4.7", "smtp; 451 4.4.7 Message expired after five days", "4.4.7"),
    ("5.3.4", "smtp; 552 5.3.4 Message too big for system", "5.3.4"),
]

# Reports for people: who writes, with which subject, which words, and what they mean. {who} is the reader.
WORDS = [
    ("MAILER-DAEMON@{host}", "failure notice", "Hi. This is the qmail-send program at {host}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<{who}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n{copy}", GONE),
    ("MAILER-DAEMON@{host}", "failure notice", "Hi. This is the qmail-send program at {host}.\n\n<{who}>:\nUser is over the quota. You can try again later. mailbox is full\n\n--- Below this line is a copy of the message.\n\n{copy}", FULL),
    ("MAILER-DAEMON@{host} (Mail Delivery System)", "Undelivered Mail Returned to Sender", "This is the Postfix program at host {host}.\n\n<{who}>: host mx.{host}[192.0.2.7] said: 550 5.1.1 <{who}>: user unknown (in reply to RCPT TO command)\n\n{copy}", GONE),
    ("MAILER-DAEMON@{host} (Mail Delivery System)", "Undelivered Mail Returned to Sender", "This is the Postfix program at host {host}.\n\n<{who}>: mail for {host} loops back to myself\n\n{copy}", HARD),
    ("Mail Delivery System <Mailer-Daemon@{host}>", "Mail delivery failed: returning message to sender", "A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\n  {who}\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n{copy}", HARD),
    ("Mail Delivery System <Mailer-Daemon@{host}>", "Mail delivery failed: returning message to sender", "The following address(es) failed:\n\n  {who}\n    host mx.{host} [192.0.2.7]\n    SMTP error after RCPT: 550 no such user\n\n------ This is a copy of your message ------\n\n{copy}", GONE),
    ("Mail Delivery Subsystem <MAILER-DAEMON@{host}>", "Returned mail: see transcript for details", "   ----- The following addresses had permanent fatal errors -----\n<{who}>\n    (reason: 550 5.1.1 <{who}>... User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.{host}.:\n>>> DATA\n<<< 550 5.1.1 <{who}>... User unknown", GONE),
    ("Mail Delivery Subsystem <MAILER-DAEMON@{host}>", "Returned mail: Local configuration error", "   ----- The following addresses had permanent fatal errors -----\n<{who}>\n\n   ----- Original message follows -----\n{copy}", HARD),
    ("System Administrator <postmaster@{host}>", "Undeliverable: The Analyst", "Your message\n\n  To:      {who}\n  Subject: The Analyst\n\ndid not reach the following recipient(s):\n\n{who} on Mon, 7 Mar 2016\n    The recipient name is not recognized", GONE),
    ("postmaster@{host}", "Undeliverable: The Analyst", "Delivery has failed to these recipients or groups:\n\n{who}\nThe e-mail address you entered couldn't be found. RESOLVER.ADR.RecipNotFound\n#550 5.1.1 ##", GONE),
    ("postmaster@{host}", "Delivery Status Notification (Failure)", "This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       {who}\n", HARD),
    ("postmaster@{host}", "Unzustellbar: The Analyst", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\n{who}\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden. #550 5.1.1 ##", GONE),
    ("postmaster@{host}", "Unzustellbar: The Analyst", "Ihre Nachricht hat einige oder alle Empfänger nicht erreicht:\n{who}\nDas Postfach des Empfängers ist voll.", FULL),
    ("Mail Delivery System <mailer-daemon@{host}>", "Mail delivery failed: returning message to sender", "Diese Nachricht wurde automatisch erzeugt. Die folgende Adresse schlug fehl:\n\n{who}:\nEmpfänger unbekannt\n\n--- Ursprüngliche Nachricht ---\n{copy}", GONE),
    ("Mail Delivery System <mailer-daemon@{host}>", "Ihre E-Mail konnte nicht zugestellt werden", "Leider konnte Ihre E-Mail nicht zugestellt werden an\n{who}\nGrund: Postfach überschritten", FULL),
    ("MAILER-DAEMON@{host}", "Nicht zugestellt", "Das Konto {who} existiert nicht.", GONE),
    ("MAILER-DAEMON@{host}", "Unzustellbar", "An {who}: 554 Die Nachricht wurde als Spam eingestuft.", SPAM),
    ("Mail Delivery System <mailer-daemon@{host}>", "Недоставленное сообщение", "Ваше сообщение не было доставлено. Адрес:\n{who}\nПользователь не найден.", GONE),
    ("mailer-daemon@{host}", "Сообщение не доставлено", "К сожалению, письмо не может быть доставлено: {who}. Такого адреса не существует: не существует.", GONE),
    ("mailer-daemon@{host}", "Сообщение не доставлено", "Ящик {who} переполнен.", FULL),
    ("mailer-daemon@{host}", "Не доставлено", "Письмо для {who} не доставлено: отклонено как спам.", SPAM),
    ("mailer-daemon@{host}", "Сбой", "550 {who}: Message was not accepted -- invalid mailbox", GONE),
    ("postmaster@{host}", "Non remis : The Analyst", "Votre message n'a pas pu être remis à\n{who}\nCette adresse n'existe pas.", GONE),
    ("postmaster@{host}", "Échec de la remise", "{who}\nLa boîte du destinataire est pleine.", FULL),
    ("postmaster@{host}", "No se puede entregar", "No se ha podido entregar su mensaje a {who}: usuario desconocido.", GONE),
    ("MDaemon@{host}", "Permanent Delivery Failure", "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a copy of your message:\n\n  > {who}", HARD),
    ("Mail Administrator <Postmaster@{host}>", "Mail System Error - Returned Mail", "This Message was undeliverable due to the following reason:\n\nEach of the following recipients was rejected by a remote mail server.\n\n    Recipient: <{who}>\n    Reason:    5.1.1 unknown", GONE),
    ("Postmaster@{host}", "DELIVERY FAILURE: User not listed", "Your message was not delivered to:\n\n  {who}\n\nbecause:\n\n  User ann ({who}) not listed in Domino Directory", GONE),
    ("\"Delivery Subsystem\" <POSTMASTER@{host}>", "Message Delivery Failure", "The following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:{who}]\n\tReason: 550 mailbox unavailable", GONE),
    ("postmaster@{host}", "Undeliverable Mail", "Invalid final delivery userid: {who}\n\nOriginal message follows.\n\n{copy}", HARD),
    ("System Administrator <postmaster@{host}>", "Undeliverable: The Analyst", "did not reach the following recipient(s):\n\nc=US;a= ;p=HOUSE;o=One;dda:SMTP={who}; on Monday\n    Unable to deliver the message", HARD),
    ("MAILER-DAEMON@{host}", "Delivery Notification: Delivery has failed", "This report relates to a message you sent.\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: {who}\n  Reason: Remote system is not answering", HARD),
    ("MAILER-DAEMON@{host}", "Mail Delivery Problem", "<{who}>: Sorry, your mail was blocked by our reputation filter (550)", SPAM),
    ("MAILER-DAEMON@{host}", "Returned mail", "{who}: 550 5.7.1 message refused by policy", SPAM),
    ("MAILER-DAEMON@{host}", "Rejected", "{who}: 451 greylisted too long, giving up", SOFT),
    ("Mail Delivery System <>", "Delivery status notification", "Delivery to the following recipients was aborted after five hours:\n\n  * {who}", HARD),
    ("Gateway <bounces@{host}>", "Returned", "<{who}>: account has been disabled", GONE),
    ("MAILER-DAEMON@{host}", "failure notice", "I couldn't deliver your message to the following address.\n\n<{who}>:\n192.0.2.7 does not like recipient.\nRemote host said: 553 sorry, that domain isn't in my list", HARD),
    ("MAILER-DAEMON@{host}", "Returned to sender", "The user {who} has moved. This address is no longer valid.", GONE),
]  # fmt: skip

# What is no bounce, though much of it looks like one.
NOTHING = [
    ("ann.reader@example.org", "Out of office: The Analyst", "I am away. For 550 reasons, write to bo@example.org."),
    ("ann.reader@example.org", "Abwesenheitsnotiz", "Ich bin nicht erreichbar. Mein Postfach ist voll."),
    ("ann.reader@example.org", "Автоматический ответ: The Analyst", "Я в отпуске."),
    ("ann.reader@example.org", "Réponse automatique : The Analyst", "Je suis absente jusqu'au 5."),
    ("ann.reader@example.org", "Re: The Analyst", "The policy you describe does not exist, does it?"),
    ("MAILER-DAEMON@example.org", "Warning: could not send message for past 4 hours", "Delivery is delayed for ann.reader@example.org. You do not need to resend; we continue trying."),
    ("Mailer-Daemon@example.org", "Warning: message delayed 24 hours", "ann.reader@example.org: delayed. No action is required on your part."),
    ("postmaster@example.org", "Verzögert: The Analyst", "Die Zustellung an ann.reader@example.org ist verzögert."),
]  # fmt: skip


def reports() -> Iterator[tuple[str, bytes, str]]:
    """A name, the report, and the status that it should be read as."""
    for n, (status, diagnostic, means) in enumerate(MACHINE):
        for form in ("original and final", "final in another case", "only the mail that is returned"):
            yield f"RFC 3464, {n}, {form}", _by_machine(form, status, diagnostic), means
    for n, (sender, subject, words, means) in enumerate(WORDS):
        text = words.format(host="example.org", who=WHO, copy=RETURNED.format(to=WHO))
        yield f"words, {n}", letter(sender.format(host="example.org"), subject, text), means


def _by_machine(form: str, status: str, diagnostic: str) -> bytes:
    whom = {
        "original and final": f"Original-Recipient: rfc822;{WHO}\nFinal-Recipient: rfc822;box17@relay.example\n",
        "final in another case": f"Final-Recipient: RFC822; {WHO.title()}\n",
    }
    fields = (
        f"{whom.get(form, '')}Action: failed\nStatus: {status}\nDiagnostic-Code: {diagnostic.format(who='(hidden)')}\n"
    )
    returned = RETURNED.format(to="undisclosed" if form in whom else WHO)
    parts = [
        "Content-Type: text/plain\n\nIt could not be delivered.\n",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}",
        f"Content-Type: message/rfc822\n\n{returned}",
    ]
    head = f"From: MAILER-DAEMON@mx.example\nTo: {US}\nSubject: Undelivered\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
    head += 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    return (head + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n").encode()


def letter(sender: str, subject: str, text: str) -> bytes:
    mail = MIMEText(text, "plain", "utf-8")
    mail["From"], mail["To"], mail["Subject"] = sender, US, subject
    return mail.as_bytes()
