// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_bar.h"

#include "ui/bridge/text.h"
#include "ui/panes/detector_words.h"
#include "ui/panes/privacy/guardrail_words.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/panes/privacy/policy_picker.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QMenu>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using panes::DetectorGroup;
using panes::detectorTitle;
using panes::DetectorWords;
using panes::detectorWords;
using panes::groupTitle;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int barHeight = 44, narrowest = 480;

} // namespace

PolicyBar::PolicyBar(QWidget *parent)
    : Panel(Role::Surface, Qt::BottomEdge, parent), m_picker(new PolicyPicker), m_label(new Label(Label::Kind::Field, tr("Policy"))), m_new(Button::iconOnly(Icon::Plus, tr("New policy"))),
      m_more(Button::iconOnly(Icon::More, tr("Rename, duplicate or remove this policy"), nullptr, Button::Kind::Flat)), m_add(new Button(Icon::Plus, tr("Add rule"))), m_starter(new Button(tr("Starter set…"))),
      m_dryRun(new Button(Icon::Play, tr("Dry run"))), m_answers(new QCheckBox(tr("Answers too"))), m_policyMenu(new QMenu(this)), m_addMenu(new QMenu(this)), m_rename(nullptr), m_duplicate(nullptr), m_remove(nullptr)
{
    setFixedHeight(barHeight);
    for (const auto &[part, name] : std::initializer_list<std::pair<QWidget *, QString>> {{m_new, u"new"_s}, {m_more, u"more"_s}, {m_add, u"add"_s}, {m_starter, u"starter"_s}, {m_dryRun, u"dryRunButton"_s}, {m_answers, u"answers"_s}})
        part->setObjectName(u"privacy."_s + name);
    m_add->setTrailing(Icon::Down);
    m_answers->setToolTip(tr("Look for the same in what providers answer"));
    m_dryRun->setAccessibleName(m_dryRun->text());
    m_dryRun->setToolTip(tr("What this policy would find in calls of the log; nothing is changed"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_label);
    row->addWidget(m_picker);
    row->addWidget(m_new);
    row->addWidget(m_more);
    auto *divider = new widgets::Divider(Qt::Vertical);
    divider->setFixedHeight(20);
    row->addWidget(divider);
    row->addWidget(m_add);
    row->addWidget(m_starter);
    row->addStretch(1);
    row->addWidget(m_answers);
    row->addWidget(m_dryRun);
    makeMenus();
    connect(m_picker, &PolicyPicker::chosen, this, &PolicyBar::policyChosen);
    connect(m_new, &QPushButton::clicked, this, &PolicyBar::newWanted);
    connect(m_starter, &QPushButton::clicked, this, &PolicyBar::starterWanted);
    connect(m_dryRun, &QPushButton::clicked, this, &PolicyBar::dryRunWanted);
    connect(m_answers, &QCheckBox::clicked, this, &PolicyBar::answersWanted);
}

void PolicyBar::makeMenus()
{
    m_rename = m_policyMenu->addAction(widgets::themedIcon(Icon::Edit), tr("Rename"), this, &PolicyBar::renameWanted);
    m_duplicate = m_policyMenu->addAction(widgets::themedIcon(Icon::Duplicate), tr("Duplicate"), this, &PolicyBar::duplicateWanted);
    m_remove = m_policyMenu->addAction(widgets::themedIcon(Icon::Trash, Role::Err), tr("Remove"), this, &PolicyBar::removeWanted);
    m_rename->setObjectName(u"privacy.rename"_s);
    m_duplicate->setObjectName(u"privacy.duplicate"_s);
    m_remove->setObjectName(u"privacy.remove"_s);
    m_policyMenu->setToolTipsVisible(true);
    m_addMenu->setToolTipsVisible(true);
    m_addMenu->setObjectName(u"privacy.addMenu"_s);
    connect(m_more, &QPushButton::clicked, this, [this] { m_policyMenu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 2))); });
    connect(m_add, &QPushButton::clicked, this, &PolicyBar::openAddMenu);
}

void PolicyBar::fillWithKinds()
{
    for (const GuardrailKind kind : allKinds) {
        QAction *action = m_addMenu->addAction(kindTitle(kind), this, [this, kind] { Q_EMIT addGuardrailWanted(kind); });
        action->setObjectName(u"privacy.add."_s + qt(toText(kind)));
        action->setToolTip(kindMeaning(kind));
    }
}

void PolicyBar::fillAddMenu()
{
    qDeleteAll(m_addMenu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)); // clear() leaves them
    m_addMenu->clear();
    if (m_list == List::Guardrails) {
        fillWithKinds();
        return;
    }
    QMenu *menu = nullptr;
    std::optional<DetectorGroup> group;
    for (const DetectorWords &words : detectorWords()) {
        if (group != words.group) {
            group = words.group;
            if (words.group == DetectorGroup::Own)
                m_addMenu->addSeparator();
            menu = words.group == DetectorGroup::Everything || words.group == DetectorGroup::Own ? m_addMenu : m_addMenu->addMenu(groupTitle(words.group));
            menu->setToolTipsVisible(true);
        }
        const QString id = QString::fromLatin1(words.id);
        QAction *action = menu->addAction(detectorTitle(words.id), this, [this, id] { Q_EMIT addWanted(id); });
        action->setObjectName(u"privacy.add."_s + id);
        action->setEnabled(!m_taken.contains(id));
        if (!action->isEnabled())
            action->setToolTip(tr("The policy has a rule for this already"));
        if (words.group == DetectorGroup::Everything)
            m_addMenu->addSeparator();
    }
}

void PolicyBar::openAddMenu()
{
    if (!m_add->isEnabled())
        return;
    fillAddMenu();
    m_addMenu->popup(m_add->mapToGlobal(QPoint(0, m_add->height() + 2)));
}

void PolicyBar::show(const gateway::config::Config &config, int policy, List list, bool editable, const QString &whyKept)
{
    m_list = list;
    const bool rules = list == List::Rules;
    m_add->setText(rules ? tr("Add rule") : tr("Add guardrail"));
    m_add->setToolTip(rules ? tr("Add a rule (Ins)") : tr("Add a guardrail (Ins)"));
    QStringList names;
    for (const Policy &entry : config.privacyPolicies)
        names << qt(entry.name);
    m_picker->setPolicies(names, policy);
    const bool known = policy >= 0 && policy < names.size();
    m_taken.clear();
    if (known) {
        for (const Rule &rule : config.privacyPolicies[static_cast<std::size_t>(policy)].rules) {
            if (!rule.isOwn())
                m_taken << qt(rule.detect);
        }
        m_answers->setChecked(looksAtAnswers(config.privacyPolicies, policy));
    }
    for (QWidget *part : std::initializer_list<QWidget *> {m_label, m_picker, m_more, m_add, m_starter, m_answers})
        part->setVisible(known && (part != m_starter || rules));
    for (QWidget *part : std::initializer_list<QWidget *> {m_add, m_starter, m_answers})
        part->setEnabled(editable);
    m_rename->setEnabled(editable);
    m_remove->setEnabled(editable && whyKept.isEmpty());
    m_remove->setToolTip(whyKept);
    fit();
}

QSize PolicyBar::minimumSizeHint() const { return {narrowest, barHeight}; }

void PolicyBar::setDryRun(bool possible) { m_dryRun->setVisible(possible); }

/// Where the bar is narrow, buttons are shorter, and the policies become a list.
void PolicyBar::fit()
{
    const auto widthOf = [](const QWidget *part) { return part->isVisibleTo(part->parentWidget()) ? part->sizeHint().width() + 8 : 0; };
    m_starter->setText(tr("Starter set…"));
    m_dryRun->setText(tr("Dry run"));
    m_label->setVisible(m_picker->isVisibleTo(this));
    const auto rest = [&] {
        int used = 28 + 9;
        for (const QWidget *part : std::initializer_list<const QWidget *> {m_label, m_new, m_more, m_add, m_starter, m_answers, m_dryRun})
            used += widthOf(part);
        return width() - used;
    };
    constexpr int comfortable = 180;
    if (rest() < comfortable)
        m_label->hide();
    if (rest() < comfortable)
        m_starter->setText(tr("Starter…"));
    if (rest() < comfortable)
        m_dryRun->setText({}); // its sign and tool tip say it
    m_picker->setRoom(std::max(120, rest()));
}

void PolicyBar::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    fit();
}

} // namespace ui::privacy
