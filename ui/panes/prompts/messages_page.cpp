// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/messages_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/prompts/message_box.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/widgets/button.h"
#include "ui/widgets/tab_order.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::PromptMessage;
using widgets::Button;
using widgets::Icon;

namespace {

/// Its own button may have asked for it.
void dismiss(QWidget *box)
{
    box->setObjectName(QString());
    box->hide();
    box->deleteLater();
}

} // namespace

MessagesPage::MessagesPage(QWidget *parent)
    : QScrollArea(parent), m_messageColumn(new QVBoxLayout), m_partialColumn(new QVBoxLayout), m_add(new Button(Button::Kind::Link, Icon::Plus, tr("Add message"))),
      m_addPartial(new Button(Button::Kind::Link, Icon::Plus, tr("Add partial")))
{
    setObjectName(u"prompts.messages"_s);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_add->setObjectName(u"prompts.messages.add"_s);
    m_addPartial->setObjectName(u"prompts.messages.addPartial"_s);
    m_addPartial->setToolTip(tr("A text that messages take in by {{> name}}"));
    for (QVBoxLayout *column : {m_messageColumn, m_partialColumn}) {
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
    }
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(28, 2, 8, 8);
    buttons->setSpacing(4);
    for (Button *button : {m_add, m_addPartial}) {
        button->setSmall(true);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto *page = new QWidget;
    page->setAutoFillBackground(true);
    page->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_messageColumn);
    column->addLayout(m_partialColumn);
    column->addLayout(buttons);
    column->addStretch(1);
    setWidget(page);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_toLast = true;
        Q_EMIT edited(tr("add a message"), [](PromptVersion &version) {
            const bool first = version.messages.empty();
            version.messages.push_back({.role = first ? "system" : "user", .content = {}});
        }, {});
    });
    connect(m_addPartial, &QPushButton::clicked, this, [this] {
        Q_EMIT edited(tr("add a partial"), [](PromptVersion &version) {
            int number = 1;
            while (version.partials.contains("part" + std::to_string(number)))
                ++number;
            version.partials["part" + std::to_string(number)];
        }, {});
    });
}

MessageBox *MessagesPage::addMessage(int index)
{
    auto *box = new MessageBox(MessageBox::Kind::Message, index, widget());
    m_messageColumn->addWidget(box);
    const auto at = static_cast<std::size_t>(index);
    connect(box, &MessageBox::headChanged, this, [this, at](const QString &role) {
        Q_EMIT edited(tr("role of a message"), [at, role = utf8(role)](PromptVersion &version) {
            if (at < version.messages.size())
                version.messages[at].role = role;
        }, {});
    });
    connect(box, &MessageBox::typed, this, [this, at, box](const QString &text) {
        Q_EMIT edited(tr("typing"), [at, text = utf8(text)](PromptVersion &version) {
            if (at < version.messages.size())
                version.messages[at].content = text;
        }, u"message %1 %2"_s.arg(at).arg(box->edit()->burst()));
    });
    connect(box, &MessageBox::moveWanted, this, [this, at](int step) {
        Q_EMIT edited(tr("move a message"), [at, to = at + static_cast<std::size_t>(step)](PromptVersion &version) {
            if (at < version.messages.size() && to < version.messages.size())
                std::swap(version.messages[at], version.messages[to]);
        }, {});
    });
    connect(box, &MessageBox::removeWanted, this, [this, at] {
        m_add->setFocus(); // else what comes next in the window has it, and takes the keys
        Q_EMIT edited(tr("remove a message"), [at](PromptVersion &version) {
            if (at < version.messages.size())
                version.messages.erase(version.messages.begin() + static_cast<std::ptrdiff_t>(at));
        }, {});
    });
    connect(box->edit(), &TemplateEdit::heightChanged, this, &MessagesPage::numberLines);
    return box;
}

MessageBox *MessagesPage::addPartial(int index)
{
    auto *box = new MessageBox(MessageBox::Kind::Partial, index, widget());
    m_partialColumn->addWidget(box);
    connect(box, &MessageBox::headChanged, this, [this, index](const QString &typed) {
        const std::string from = utf8(m_partialNames.value(index)), to = utf8(typed.trimmed());
        if (to.empty() || m_partialNames.contains(typed.trimmed()))
            return;
        m_partialNames[index] = typed.trimmed(); // its row stays where it is while it is named
        Q_EMIT edited(tr("name of a partial"), [from, to](PromptVersion &version) {
            auto node = version.partials.extract(from);
            if (node.empty())
                return;
            node.key() = to;
            version.partials.insert(std::move(node));
        }, u"partial %1"_s.arg(index));
    });
    connect(box, &MessageBox::typed, this, [this, index, box](const QString &text) {
        Q_EMIT edited(tr("typing"), [name = utf8(m_partialNames.value(index)), text = utf8(text)](PromptVersion &version) { version.partials[name] = text; },
            u"partial text %1 %2"_s.arg(index).arg(box->edit()->burst()));
    });
    connect(box, &MessageBox::removeWanted, this, [this, index] {
        Q_EMIT edited(tr("remove a partial"), [name = utf8(m_partialNames.value(index))](PromptVersion &version) { version.partials.erase(name); }, {});
    });
    connect(box->edit(), &TemplateEdit::heightChanged, this, &MessagesPage::numberLines);
    return box;
}

void MessagesPage::show(const PromptVersion &version, bool editable)
{
    const int count = static_cast<int>(version.messages.size());
    while (m_messages.size() > count)
        dismiss(m_messages.takeLast());
    while (m_messages.size() < count)
        m_messages << addMessage(static_cast<int>(m_messages.size()));
    m_editable = editable;
    for (int i = 0; i < count; ++i) {
        const PromptMessage &message = version.messages[static_cast<std::size_t>(i)];
        m_messages[i]->setHead(qt(message.role));
        m_messages[i]->setText(qt(message.content));
        m_messages[i]->setEditable(editable, editable);
        m_messages[i]->setPlace(i == 0, i == count - 1);
    }
    QStringList names;
    for (const auto &partial : version.partials)
        names << qt(partial.first);
    QStringList known = m_partialNames;
    known.sort();
    QStringList sorted = names;
    sorted.sort();
    if (known != sorted)
        m_partialNames = names;
    while (m_partials.size() > m_partialNames.size())
        dismiss(m_partials.takeLast());
    while (m_partials.size() < m_partialNames.size())
        m_partials << addPartial(static_cast<int>(m_partials.size()));
    for (int i = 0; i < m_partials.size(); ++i) {
        m_partials[i]->setHead(m_partialNames[i]);
        m_partials[i]->setText(qt(version.partials.at(utf8(m_partialNames[i]))));
        m_partials[i]->setEditable(editable, editable);
        m_partials[i]->setPlace(true, true);
    }
    m_add->setVisible(editable);
    m_addPartial->setVisible(editable);
    setMissing(m_missing);
    numberLines();
    orderKeys();
    if (std::exchange(m_toLast, false) && !m_messages.isEmpty())
        m_messages.last()->edit()->setFocus();
}

void MessagesPage::orderKeys()
{
    QWidgetList parts;
    for (const auto *list : {&m_messages, &m_partials})
        for (const MessageBox *box : *list)
            parts += box->tabOrder();
    widgets::placeInTabOrder(m_add->previousInFocusChain(), parts);
}

void MessagesPage::numberLines()
{
    int line = 1;
    for (const auto *list : {&m_messages, &m_partials}) {
        for (const MessageBox *box : *list) {
            box->edit()->setFirstLine(line);
            line += box->edit()->lineCount();
        }
    }
}

void MessagesPage::setProblems(const std::vector<gateway::api::FieldError> &problems)
{
    const auto of = [&](const QString &field) {
        for (const auto &problem : problems)
            if (qt(problem.field).startsWith(field) && !problem.warning)
                return qt(problem.message);
        return QString();
    };
    for (int i = 0; i < m_messages.size(); ++i)
        m_messages[i]->setProblem(of(u"messages[%1]"_s.arg(i)));
    for (int i = 0; i < m_partials.size(); ++i)
        m_partials[i]->setProblem(of(u"partials.%1"_s.arg(m_partialNames[i])));
}

void MessagesPage::setMissing(const QSet<QString> &names)
{
    m_missing = names;
    for (const auto *list : {&m_messages, &m_partials})
        for (const MessageBox *box : *list)
            box->edit()->setMissing(names);
}

void MessagesPage::focusFirst()
{
    if (!m_messages.isEmpty())
        m_messages.first()->edit()->setFocus();
}

} // namespace ui::prompts
