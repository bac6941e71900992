// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/credential_form.h"

#include "gateway/config/field_problem.h"
#include "gateway/config/members.h"
#include "gateway/config/service_account.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/document_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

using namespace gateway::config;
using namespace widgets;

namespace {

Label *noteOf(std::string_view text)
{
    auto *note = new Label(Label::Kind::Note, bridge::qt(text));
    note->setWordWrap(true);
    return note;
}

bool isKeyAlone(const KindFields &fields)
{
    return fields.ways.size() == 1 && fields.ways[0].fields.size() == 1 && fields.ways[0].fields[0].name == "api_key";
}

QString problemOf(const KindField &field, const QString &value)
{
    const auto why = fieldProblem(field.name, bridge::utf8(value));
    return why ? bridge::qt(*why) : QString();
}

} // namespace

CredentialForm::CredentialForm(const QString &prefix, QWidget *parent) : QWidget(parent), m_prefix(prefix)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    rebuild();
}

const CredentialWay *CredentialForm::way() const
{
    return m_way < static_cast<int>(m_fields.ways.size()) ? &m_fields.ways[static_cast<std::size_t>(m_way)] : nullptr;
}

QString CredentialForm::waysName() const { return m_prefix + u".way"_s; }
QString CredentialForm::value(std::string_view field) const { return m_values.value(bridge::qt(field)); }

void CredentialForm::setValue(std::string_view field, const QString &value)
{
    if (value.isEmpty())
        m_values.remove(bridge::qt(field));
    else
        m_values.insert(bridge::qt(field), value);
}

void CredentialForm::setKind(const KindFields &fields)
{
    if (fields.kind == m_fields.kind)
        return;
    const bool alike = isKeyAlone(fields) && isKeyAlone(m_fields);
    m_fields = fields;
    m_way = 0;
    if (!alike) {
        rebuild();
        return;
    }
    if (auto *line = qobject_cast<QLineEdit *>(m_first)) // stays: it is what is being typed in
        dress(line, way()->fields.front());
    setNote(m_noteText);
}

void CredentialForm::setCredential(const Credential &credential)
{
    const CredentialWay *present = wayOf(m_fields, credential);
    for (int i = 0; i < static_cast<int>(m_fields.ways.size()); ++i)
        if (present == &m_fields.ways[static_cast<std::size_t>(i)])
            m_way = i;
    for (const CredentialMember &member : credentialMembers())
        if (!member.isSecret())
            setValue(member.name, bridge::qt(member.of(credential)));
    rebuild();
}

void CredentialForm::settle(const KindFields &fields, std::string_view field, const QString &value)
{
    const bool same = fields.kind == m_fields.kind;
    m_values.clear();
    m_fields = fields;
    m_way = same ? m_way : 0;
    for (int i = 0; i < static_cast<int>(fields.ways.size()); ++i) {
        const auto &its = fields.ways[static_cast<std::size_t>(i)].fields;
        if (std::ranges::find(its, field, &Field::name) != its.end())
            m_way = i;
    }
    setValue(field, value);
    rebuild();
    if (const CredentialWay *now = way()) {
        const auto found = std::ranges::find(now->fields, field, &Field::name);
        if (found != now->fields.end() && found->form == Field::Form::Document)
            takeDocument(*found, value);
    }
    constexpr int shortestKey = 12;
    auto *line = findChild<QLineEdit *>(u"%1.%2"_s.arg(m_prefix, bridge::qt(field)));
    if (line && value.trimmed().size() < shortestKey)
        line->setFocus(); // typed by hand: it goes on there
    else
        takeFocus();
}

std::string_view CredentialForm::firstField() const
{
    const CredentialWay *now = way();
    return now && !now->fields.empty() ? now->fields.front().name : std::string_view();
}

void CredentialForm::chooseWay(int chosen)
{
    m_way = chosen;
    rebuild();
    Q_EMIT edited();
}

void CredentialForm::rebuild()
{
    const QWidget *focused = window()->focusWidget();
    const bool hadFocus = m_content && m_content->isAncestorOf(focused);
    const bool onWays = hadFocus && focused->objectName() == waysName();
    if (m_content) {
        m_content->hide();
        m_content->setParent(nullptr); // found by no name any more; what tells of the change may be in it
        m_content->deleteLater();
    }
    m_content = new QWidget;
    m_first = nullptr;
    m_note = nullptr;
    auto *grid = new QGridLayout(m_content);
    setUpPairs(grid);
    grid->setColumnMinimumWidth(0, dialogLabelWidth);
    grid->setColumnMinimumWidth(2, 0);
    grid->setColumnStretch(3, 0);
    grid->setVerticalSpacing(4);
    int row = 0;
    if (m_fields.ways.size() > 1) {
        addWays(grid, row);
        row += 2;
    }
    if (const CredentialWay *now = way()) {
        for (const Field &field : now->fields) {
            const bool first = &field == &now->fields.front();
            QWidget *editor = field.form == Field::Form::Document ? makeDocument(field) : makeLine(field, first);
            editor->setObjectName(u"%1.%2"_s.arg(m_prefix, bridge::qt(field.name)));
            addField(grid, row, 0, bridge::qt(field.title), editor);
            auto *note = noteOf(field.hint);
            grid->addWidget(note, row + 1, 1);
            grid->setRowMinimumHeight(row + 2, 4);
            if (first) {
                m_first = editor;
                m_note = note;
            }
            row += 3;
        }
    }
    layout()->addWidget(m_content);
    setNote(m_noteText);
    if (onWays)
        findChild<QWidget *>(waysName())->setFocus(); // whoever walks through the ways by keys goes on
    else if (hadFocus)
        takeFocus();
}

void CredentialForm::addWays(QGridLayout *grid, int row)
{
    QStringList titles;
    for (const CredentialWay &one : m_fields.ways)
        titles << bridge::qt(one.title);
    auto *choice = new SegmentedControl(titles);
    choice->setObjectName(waysName());
    choice->setCurrent(m_way);
    auto *label = new Label(Label::Kind::Field, tr("Sign in with"));
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    label->setBuddy(choice);
    grid->addWidget(label, row, 0);
    grid->addWidget(choice, row, 1, Qt::AlignLeft);
    auto *note = noteOf(way()->hint);
    grid->addWidget(note, row + 1, 1);
    grid->setRowMinimumHeight(row + 1, 20);
    connect(choice, &SegmentedControl::currentChanged, this, &CredentialForm::chooseWay);
}

void CredentialForm::dress(QLineEdit *line, const Field &field)
{
    const QString example = bridge::qt(field.example);
    line->setPlaceholderText(!example.isEmpty() ? example : field.secret ? tr("paste it here") : QString());
    line->setEchoMode(field.secret ? QLineEdit::Password : QLineEdit::Normal);
    line->setAccessibleName(field.secret ? tr("%1, hidden").arg(bridge::qt(field.title)) : bridge::qt(field.title));
    line->setAccessibleDescription(bridge::qt(field.hint));
}

QWidget *CredentialForm::makeLine(const Field &field, bool first)
{
    auto *line = new QLineEdit(value(field.name));
    dress(line, field);
    connect(line, &QLineEdit::textChanged, this, [this, line, field, first](const QString &text) {
        setValue(field.name, text.trimmed());
        setInvalid(line, problemOf(field, text.trimmed()));
        Q_EMIT edited();
        if (first && field.secret)
            Q_EMIT pasted(text); // last: it may take this line away
    });
    return line;
}

QWidget *CredentialForm::makeDocument(const Field &field)
{
    auto *area = new DocumentField(tr("Drop the JSON file, or paste its text"));
    connect(area, &DocumentField::given, this, [this, field](const QString &text) { takeDocument(field, text); });
    connect(area, &DocumentField::cleared, this, [this, field] { takeDocument(field, {}); });
    connect(area, &DocumentField::refused, this, [this, area](const QString &why) {
        m_refused = why;
        setInvalid(area, why);
        Q_EMIT edited();
    });
    showDocument(area, field);
    return area;
}

void CredentialForm::takeDocument(const Field &field, const QString &text)
{
    m_refused.clear();
    setValue(field.name, text.trimmed());
    if (auto *area = findChild<DocumentField *>())
        showDocument(area, field);
    if (const auto account = readServiceAccount(bridge::utf8(text)))
        Q_EMIT accountGiven(bridge::qt(account->projectId));
    Q_EMIT edited();
}

/// Of a whole service account whose it is, of another text nothing: it may hold a secret.
void CredentialForm::showDocument(DocumentField *area, const Field &field)
{
    const QString text = value(field.name);
    const auto account = readServiceAccount(bridge::utf8(text));
    setInvalid(area, problemOf(field, text));
    if (account)
        area->setContent(bridge::qt(account->clientEmail), account->projectId.empty() ? tr("of no project that it names") : tr("project %1").arg(bridge::qt(account->projectId)));
    else
        area->setContent({}, {});
}

void CredentialForm::setNote(const QString &note)
{
    m_noteText = note;
    if (m_note && way())
        m_note->setText(note.isEmpty() ? bridge::qt(way()->fields.front().hint) : note);
}

void CredentialForm::fill(Credential &credential) const
{
    for (const CredentialMember &member : credentialMembers())
        member.of(credential).clear();
    const CredentialWay *now = way();
    credential.source = now ? now->source : CredentialSource::Given;
    if (!now)
        return;
    for (const Field &field : now->fields)
        findCredentialMember(field.name)->of(credential) = bridge::utf8(value(field.name));
}

bool CredentialForm::empty() const
{
    const CredentialWay *now = way();
    return !now || (!now->fields.empty() && std::ranges::all_of(now->fields, [this](const Field &field) { return value(field.name).isEmpty(); }));
}

QString CredentialForm::missing() const
{
    if (const CredentialWay *now = way())
        for (const Field &field : now->fields)
            if (field.required && value(field.name).isEmpty())
                return bridge::qt(field.title);
    return {};
}

QString CredentialForm::problem() const
{
    if (!m_refused.isEmpty())
        return m_refused;
    if (const CredentialWay *now = way())
        for (const Field &field : now->fields)
            if (const QString why = problemOf(field, value(field.name)); !why.isEmpty())
                return why;
    return {};
}

void CredentialForm::forget()
{
    m_values.clear();
    m_refused.clear();
    rebuild();
}

/// The first field that is empty, else the first.
void CredentialForm::takeFocus()
{
    QWidget *wanted = m_first;
    if (const CredentialWay *now = way())
        for (const Field &field : now->fields)
            if (value(field.name).isEmpty()) {
                wanted = findChild<QWidget *>(u"%1.%2"_s.arg(m_prefix, bridge::qt(field.name)));
                break;
            }
    if (!wanted)
        wanted = findChild<QWidget *>(waysName());
    if (wanted)
        wanted->setFocus();
}

} // namespace ui::panes
