// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/chat_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_sides.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <QPointer>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using widgets::Label;

constexpr qsizetype mostMessages = 60;
constexpr qsizetype longestText = 20'000;

QString roleName(const QString &role)
{
    if (role == u"system" || role == u"developer")
        return role == u"system" ? ChatView::tr("System") : ChatView::tr("Developer");
    if (role == u"user")
        return ChatView::tr("User");
    if (role == u"assistant")
        return ChatView::tr("Assistant");
    if (role == u"tool" || role == u"function")
        return ChatView::tr("Tool result");
    if (role == u"error")
        return ChatView::tr("Error");
    return role == u"input" ? ChatView::tr("Input") : role;
}

QString shortened(const QString &text)
{
    return text.size() <= longestText ? text : text.left(longestText) + u"…\n"_s + ChatView::tr("(%1 more characters, see the tabs Request and Response)").arg(widgets::count(std::uint64_t(text.size() - longestText)));
}

/// A text that is selected and copied, with words marked in it.
class MarkedText
{
public:
    MarkedText(Label *label, const QString &text, const QList<WantedWords> &wanted) : m_label(label), m_text(text), m_marks(markedIn(text, wanted))
    {
        m_label->setTextFormat(m_marks.isEmpty() ? Qt::PlainText : Qt::RichText); // callers' text is never markup
        if (m_marks.isEmpty())
            m_label->setText(m_text);
    }
    void color(const widgets::ThemeColors &colors) const
    {
        if (!m_marks.isEmpty())
            m_label->setText(markedHtml(m_text, m_marks, colors));
    }
    [[nodiscard]] bool isMarked() const { return !m_marks.isEmpty(); }

private:
    Label *m_label;
    QString m_text;
    QList<TextMark> m_marks;
};

/// A message: head line with the role and a note, a line, the text.
class MessageCard final : public QWidget
{
public:
    MessageCard(const ChatMessage &message, const QList<WantedWords> &wanted)
    {
        auto *role = new Label(Label::Kind::Strong, roleName(message.role));
        role->setFont(widgets::textFont(12, QFont::DemiBold));
        if (message.role == u"error")
            role->setRole(widgets::Role::Err);
        auto *note = new Label(Label::Kind::Note, message.note);
        note->setRole(widgets::Role::Muted);
        auto *head = new QHBoxLayout;
        head->setContentsMargins(11, 4, 11, 4);
        head->addWidget(role);
        head->addStretch(1);
        head->addWidget(note);
        auto *body = new QVBoxLayout;
        body->setContentsMargins(11, 7, 11, 8);
        body->setSpacing(6);
        const auto text = [&](Label::Kind kind, const QString &words, bool own = true) {
            auto *label = new Label(kind);
            m_texts.append(MarkedText(label, shortened(words), own ? wanted : QList<WantedWords>()));
            label->setWordWrap(true);
            label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
            label->setFocusPolicy(Qt::ClickFocus);
            body->addWidget(label);
            return label;
        };
        if (!message.thinking.isEmpty())
            text(Label::Kind::Secondary, message.thinking);
        if (!message.text.isEmpty() || (message.tools.isEmpty() && message.thinking.isEmpty()))
            text(Label::Kind::Secondary, message.text.isEmpty() ? ChatView::tr("(empty)") : message.text, !message.text.isEmpty())->setRole(message.text.isEmpty() ? widgets::Role::Muted : widgets::Role::Text);
        for (const ChatMessage::ToolCall &tool : message.tools)
            text(Label::Kind::Mono, tool.name + u'(' + tool.arguments + u')');
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(1, 1, 1, 1);
        column->setSpacing(0);
        column->addLayout(head);
        column->addWidget(new widgets::Divider(Qt::Horizontal));
        column->addLayout(body);
        applyColors();
    }
    [[nodiscard]] bool isMarked() const { return std::ranges::any_of(m_texts, &MarkedText::isMarked); }

protected:
    void changeEvent(QEvent *event) override
    {
        QWidget::changeEvent(event);
        if (event->type() == QEvent::PaletteChange) // colours stand in marked texts
            applyColors();
    }
    void paintEvent(QPaintEvent *) override
    {
        const widgets::ThemeColors &c = widgets::colorsOf(this);
        QPainter painter(this);
        widgets::paintFrame(&painter, rect(), c.surface, c.line, 6);
    }

private:
    void applyColors()
    {
        for (const MarkedText &text : std::as_const(m_texts))
            text.color(widgets::colorsOf(this));
    }

    QList<MarkedText> m_texts;
};

QString answerNote(const gateway::CallRecord &record, const QString &finish)
{
    QStringList parts;
    if (!record.model.empty())
        parts.append(bridge::qt(record.model));
    if (record.usage.output > 0) {
        parts.append((record.usage.estimated ? u"~"_s : QString()) + ChatView::tr("%1 tok").arg(widgets::count(std::uint64_t(record.usage.output))));
        const std::int64_t writing = record.latencyUs - std::max(record.firstByteUs, 0);
        if (record.stream && record.firstByteUs >= 0 && writing > 50'000)
            parts.append(ChatView::tr("%1 tok/s").arg(widgets::count(std::uint64_t(double(record.usage.output) * 1e6 / double(writing)))));
    }
    const QStringList usual {u"stop"_s, u"end_turn"_s, u"STOP"_s, u"completed"_s}; // each format's own word
    if (!finish.isEmpty() && !usual.contains(finish))
        parts.append(finish);
    return parts.join(u"   "_s);
}

} // namespace

ChatView::ChatView(QWidget *parent) : QScrollArea(parent), m_page(new QWidget), m_column(new QVBoxLayout(m_page))
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Conversation"));
    m_column->setContentsMargins(16, 8, 16, 8);
    m_column->setSpacing(8);
    setWidget(m_page);
    viewport()->setBackgroundRole(QPalette::Window);
    m_page->setBackgroundRole(QPalette::Window);
}

void ChatView::setCall(const gateway::CallDetail &detail, bool complete, bool kept)
{
    m_messages.clear();
    if (complete) {
        m_messages = requestMessages(detail.record.endpoint, detail.record.bodies.request);
        const QList<ChatMessage> answer = answerMessages(detail.record.bodies.answer);
        for (ChatMessage message : answer) {
            if (message.role == u"assistant")
                message.note = answerNote(detail.record, message.note);
            m_messages.append(message);
        }
    }
    QString missing = missingBody(detail, complete, kept, CallSide::Program, BodyKind::Request);
    if (missing.isEmpty())
        missing = missingBody(detail, complete, kept, CallSide::Program, BodyKind::Answer);
    if (missing.isEmpty() && complete && m_messages.isEmpty())
        missing = detail.record.bodies.requestCut || detail.record.bodies.answerCut ? tr("Only the beginning was kept, so that it cannot be shown as a conversation. See the tabs Request and Response.")
                                                                                    : tr("This is no conversation. See the tabs Request and Response.");
    else if (missing.isEmpty() && (detail.record.bodies.requestCut || detail.record.bodies.answerCut))
        missing = tr("Only the beginning was kept: it was longer than the limit for bodies.");
    m_missing = missing;
    fill();
}

void ChatView::setWanted(const QList<WantedWords> &wanted)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    fill();
}

void ChatView::fill()
{
    while (QLayoutItem *item = m_column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto note = [this](const QString &text) {
        auto *label = new Label(Label::Kind::Secondary, text);
        label->setObjectName(u"calls.chatNote"_s);
        label->setWordWrap(true);
        m_column->addWidget(label);
    };
    const qsizetype hidden = qMax(qsizetype(0), m_messages.size() - mostMessages);
    if (hidden > 0)
        note(tr("%1 earlier messages are in the tab Request.").arg(hidden));
    QPointer<QWidget> firstMarked;
    for (const ChatMessage &message : m_messages.mid(hidden)) {
        auto *card = new MessageCard(message, m_wanted);
        m_column->addWidget(card);
        if (!firstMarked && card->isMarked())
            firstMarked = card;
    }
    if (!m_missing.isEmpty())
        note(m_missing);
    m_column->addStretch(1);
    verticalScrollBar()->setValue(0);
    if (firstMarked) // once it has its place
        QMetaObject::invokeMethod(this, [this, firstMarked] {
            if (firstMarked && firstMarked->geometry().bottom() > viewport()->height())
                verticalScrollBar()->setValue(firstMarked->y() - m_column->spacing());
        }, Qt::QueuedConnection);
}

} // namespace ui::calls
