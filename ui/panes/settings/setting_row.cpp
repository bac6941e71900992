// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/setting_row.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int labelWidth = 400, leastLabelWidth = 220;
constexpr int fieldWidth = 280;
constexpr int shortFieldWidth = 120;

bool isShort(Setting::Kind kind)
{
    return kind == Setting::Kind::Number || kind == Setting::Kind::Duration || kind == Setting::Kind::Size;
}

} // namespace

SettingLine::SettingLine(const QString &label, const QString &note, const QString &keywords, QWidget *parent)
    : QWidget(parent), m_words((label + u' ' + note + u' ' + keywords).toCaseFolded()), m_note(new Label(Label::Kind::Note, note)),
      m_problem(new widgets::StateLabel), m_lock(new widgets::StateLabel), m_row(new QHBoxLayout), m_column(new QVBoxLayout(this))
{
    auto *words = new QWidget;
    words->setMinimumWidth(leastLabelWidth);
    words->setMaximumWidth(labelWidth);
    auto *wordsLayout = new QVBoxLayout(words);
    wordsLayout->setContentsMargins(0, 4, 0, 4);
    wordsLayout->setSpacing(2);
    wordsLayout->addWidget(new Label(Label::Kind::Body, label));
    m_note->setWordWrap(true);
    if (note.isEmpty())
        m_note->hide();
    wordsLayout->addWidget(m_note);

    m_row->setSpacing(12);
    m_row->addWidget(m_lock);
    m_row->addStretch();
    auto *side = new QVBoxLayout;
    side->setSpacing(4);
    side->setContentsMargins(0, 2, 0, 2);
    side->addLayout(m_row);
    side->addWidget(m_problem);
    side->addStretch();
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_lock->hide();

    m_column->setContentsMargins(12, 4, 12, 4);
    m_column->setSpacing(8);
    auto *layout = new QHBoxLayout;
    m_column->addLayout(layout);
    layout->setSpacing(24);
    layout->addWidget(words, 1, Qt::AlignTop);
    layout->addLayout(side, 1);
}

bool SettingLine::matches(const QString &search) const
{
    const auto wanted = search.toCaseFolded().split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(wanted, [this](const QString &word) { return m_words.contains(word); });
}

void SettingLine::setField(QWidget *field)
{
    m_row->insertWidget(0, field);
}

void SettingLine::setBelow(QWidget *widget)
{
    m_column->addWidget(widget);
}

void SettingLine::setProblem(const QString &problem, bool warning)
{
    m_problem->setVisible(!problem.isEmpty());
    if (!problem.isEmpty())
        m_problem->setState(warning ? Icon::Warning : Icon::Error, warning ? Role::Warn : Role::Err, problem);
}

void SettingLine::setLock(const QString &file)
{
    m_lock->setVisible(!file.isEmpty());
    if (!file.isEmpty())
        m_lock->setState(Icon::Lock, Role::Muted, tr("set in %1").arg(file));
}

SettingRow::SettingRow(const Setting &setting, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : SettingLine(setting.label, setting.note, setting.keywords + u' ' + setting.id, parent), m_setting(setting), m_gateway(gateway), m_view(view)
{
    setObjectName(u"settings."_s + setting.id);
    makeField();
}

void SettingRow::makeField()
{
    switch (m_setting.kind) {
    case Setting::Kind::Switch:
        m_switch = new QCheckBox;
        m_switch->setAccessibleName(m_setting.label);
        connect(m_switch, &QCheckBox::toggled, this, [this](bool on) { commit(on ? u"true"_s : u"false"_s); });
        setField(m_switch);
        return;
    case Setting::Kind::Choice:
        m_choice = new QComboBox;
        m_choice->setAccessibleName(m_setting.label);
        m_choice->setFixedWidth(fieldWidth);
        for (const auto &[stored, shown] : m_setting.choices)
            m_choice->addItem(shown, stored);
        connect(m_choice, &QComboBox::activated, this, [this](int index) { commit(m_choice->itemData(index).toString()); });
        setField(m_choice);
        return;
    case Setting::Kind::Text:
    case Setting::Kind::Path:
    case Setting::Kind::Secret:
    case Setting::Kind::Number:
    case Setting::Kind::Duration:
    case Setting::Kind::Size:
    case Setting::Kind::List: makeTextField(); return;
    }
}

void SettingRow::makeTextField()
{
    m_text = new QLineEdit;
    m_text->setObjectName(u"settings."_s + m_setting.id + u".field"_s);
    m_text->setFixedWidth(isShort(m_setting.kind) ? shortFieldWidth : fieldWidth);
    m_text->setAccessibleName(m_setting.label);
    if (m_setting.kind == Setting::Kind::Secret)
        m_text->setEchoMode(QLineEdit::PasswordEchoOnEdit);
    if (m_setting.id == u"listen"_s || m_setting.kind == Setting::Kind::Path)
        m_text->setFont(widgets::monoFont());
    connect(m_text, &QLineEdit::editingFinished, this, [this] { commit(m_text->text()); });
    setField(m_text);
}

QString SettingRow::stored() const
{
    return m_setting.read(m_gateway.config()->gateway);
}

void SettingRow::refresh(const QString &ownerFile)
{
    const QString text = stored();
    const bool owned = !ownerFile.isEmpty();
    if (m_text) {
        if (!m_refused && !m_text->hasFocus())
            m_text->setText(text);
        m_text->setReadOnly(owned);
    } else if (m_choice) {
        m_choice->setCurrentIndex(m_choice->findData(text));
        m_choice->setEnabled(!owned);
    } else if (m_switch) {
        const QSignalBlocker quiet(m_switch);
        m_switch->setChecked(text == u"true"_s);
        m_switch->setEnabled(!owned);
    }
    setLock(ownerFile);
}

QString SettingRow::shownField() const
{
    return u"gateway."_s + m_setting.id;
}

void SettingRow::commit(const QString &text)
{
    const QString before = stored();
    if (m_busy || text == before) {
        m_refused = false;
        if (!m_busy)
            setProblem({});
        return;
    }
    gateway::config::Config next = *m_gateway.config();
    if (const auto written = m_setting.write(next.gateway, text); !written) {
        m_refused = true;
        setProblem(qt(written.error().message));
        return;
    }
    m_busy = true;
    m_gateway.apply(next, m_gateway.revision().number, bridge::utf8(tr("%1 set to %2").arg(m_setting.label, m_setting.kind == Setting::Kind::Secret ? tr("a new value") : text)), this,
                    [this, before](const gateway::api::ApplyOutcome &outcome) { take(outcome, before); });
}

void SettingRow::take(const gateway::api::ApplyOutcome &outcome, const QString &before)
{
    m_busy = false;
    m_refused = !outcome.applied;
    if (!outcome.applied) {
        const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
        setProblem(problem == outcome.problems.end() ? tr("The gateway did not take this.") : qt(problem->message));
        if (m_switch || m_choice) {
            m_refused = false;
            refresh({});
        }
        return;
    }
    const auto warning = std::ranges::find_if(outcome.problems, [this](const auto &each) { return each.warning && qt(each.field).startsWith(shownField()); });
    setProblem(warning == outcome.problems.end() ? QString() : qt(warning->message), true);
    m_view.toast(tr("%1 changed").arg(m_setting.label), [this, before] {
        bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("%1 changed back").arg(m_setting.label),
                                      [this, before](gateway::config::Config &config) { (void)m_setting.write(config.gateway, before); });
    });
}

/// Whether an address given at the start holds over the setting: the port that is bound is another than the one that is set.
bool SettingRow::isHeld(const gateway::api::ListenerState &listener) const
{
    const auto portOf = [](const std::string &address) { return address.substr(address.rfind(':') + 1); };
    const std::string wanted = portOf(m_gateway.config()->gateway.listen);
    return listener.up && wanted != "0" && portOf(listener.address) != wanted;
}

void SettingRow::showListener()
{
    const gateway::api::ListenerState listener = m_gateway.listener();
    if (listener.problem.empty()) {
        if (!m_refused)
            setProblem(isHeld(listener) ? tr("Listening on %1: the address given at the start (--listen or SIGNALBOX_LISTEN) holds over this one.").arg(qt(listener.address)) : QString(), true);
        return;
    }
    const QString still = listener.up ? tr(" Still listening on %1.").arg(qt(listener.address)) : QString();
    const QString other = listener.suggestedPort > 0 ? tr(" Port %1 is free.").arg(listener.suggestedPort) : QString();
    setProblem(qt(listener.problem) + other + still);
}

} // namespace ui::settings
