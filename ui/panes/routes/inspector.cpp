// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/inspector.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

/// What is chosen, as a mark of 32 px: a provider's letter, or the node's sign.
class Inspector::Mark final : public QWidget
{
public:
    explicit Mark(QWidget *parent) : QWidget(parent) { setFixedSize(32, 32); }
    void set(const QString &provider, Icon icon)
    {
        m_provider = provider;
        m_icon = icon;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const ThemeColors &c = colorsOf(this);
        paintProviderMark(&painter, rect(), m_icon == Icon::None ? m_provider : QString(), c);
        if (m_icon != Icon::None)
            paintIcon(&painter, m_icon, QRectF(8, 8, 16, 16), c.accent);
    }

private:
    QString m_provider;
    Icon m_icon = Icon::Routes;
};

namespace {

constexpr auto routeItself = static_cast<NodeKind>(int(NodeKind::Limit) + 1); // its form follows those of the nodes

int formIndex(const Route &route, const std::optional<Path> &chosen)
{
    const PlanNode *node = chosen ? nodeAt(route.plan, *chosen) : nullptr;
    return static_cast<int>(node ? kindOf(*node) : routeItself);
}

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

/// "Row 1 of 3 in main chain"
QString placeWords(const PlanNode &plan, const Path &path)
{
    if (path.isEmpty())
        return tr("The whole plan");
    const PlanNode &parent = *nodeAt(plan, parentOf(path));
    const int number = path.last() + 1, of = childCount(parent);
    switch (kindOf(parent)) {
    case NodeKind::Chain: return (path.size() == 1 ? tr("Row %1 of %2 in main chain") : tr("Row %1 of %2 in a chain")).arg(number).arg(of);
    case NodeKind::Balance: return tr("One of %1 in a balance").arg(of);
    case NodeKind::Split: return tr("Branch %1 of %2 of a split").arg(number).arg(of);
    case NodeKind::When: return isElse(parent, path.last()) ? tr("Where no case holds") : tr("Where case %1 of %2 holds").arg(number).arg(of - 1);
    case NodeKind::Limit: return isElse(parent, path.last()) ? tr("Once the limit is used up") : tr("Within the limit");
    default: return {};
    }
}

} // namespace

Inspector::Inspector(AskModels askModels, QWidget *parent)
    : Panel(Role::Surface, Qt::LeftEdge, parent), m_mark(new Mark(this)), m_title(new Label(Label::Kind::Strong)), m_subtitle(new Label(Label::Kind::Secondary)),
      m_problem(new Label(Label::Kind::Secondary)), m_forms(new QStackedWidget), m_askModels(std::move(askModels))
{
    setObjectName(u"routes.inspector"_s);
    setFixedWidth(288);
    auto *heading = new QHBoxLayout;
    heading->setContentsMargins(16, 12, 12, 12);
    heading->setSpacing(12);
    auto *titles = new QVBoxLayout;
    titles->setSpacing(0);
    for (Label *label : {m_title, m_subtitle}) {
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        titles->addWidget(label);
    }
    heading->addWidget(m_mark);
    heading->addLayout(titles, 1);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(16, 0, 16, 10);
    m_problem->setObjectName(u"routes.inspector.problem"_s);
    m_problem->hide();

    m_duplicate = new Button(Icon::Duplicate, tr("Duplicate"));
    m_unwrap = new Button(Icon::Left, tr("Unwrap"));
    m_delete = new Button(Icon::Trash, tr("Delete"));
    m_duplicate->setObjectName(u"routes.inspector.duplicate"_s);
    m_unwrap->setObjectName(u"routes.inspector.unwrap"_s);
    m_unwrap->setToolTip(tr("Takes this node out and keeps what its main way leads to"));
    m_delete->setObjectName(u"routes.inspector.delete"_s);
    auto *footer = new QHBoxLayout;
    footer->setContentsMargins(16, 8, 12, 8);
    footer->setSpacing(8);
    for (Button *button : {m_duplicate, m_unwrap, m_delete}) {
        button->setSmall(true);
        footer->addWidget(button);
    }
    footer->addStretch(1);
    connect(m_duplicate, &QPushButton::clicked, this, &Inspector::duplicateWanted);
    connect(m_unwrap, &QPushButton::clicked, this, &Inspector::unwrapWanted);
    connect(m_delete, &QPushButton::clicked, this, &Inspector::deleteWanted);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(heading);
    column->addWidget(m_problem);
    column->addWidget(new Divider(Qt::Horizontal));
    column->addWidget(m_forms, 1);
    column->addWidget(new Divider(Qt::Horizontal));
    column->addLayout(footer);
}

NodeForm *Inspector::makeForm(int index)
{
    const auto open = [this] { Q_EMIT openCallsWanted(); };
    switch (static_cast<NodeKind>(index)) {
    case NodeKind::Target: return makeTargetForm(m_askModels, open, m_forms);
    case NodeKind::Chain: return makeChainForm(m_forms);
    case NodeKind::Split: return makeSplitForm(m_forms);
    case NodeKind::Route: return makeReferenceForm(m_forms);
    case NodeKind::Balance: return makeBalanceForm(m_forms);
    case NodeKind::When: return makeWhenForm(m_forms);
    case NodeKind::Limit: return makeLimitForm(m_forms);
    }
    return makeRouteForm(open, [this] { Q_EMIT openCacheWanted(); }, m_forms);
}

NodeForm *Inspector::form(int index)
{
    NodeForm *&form = m_byKind.at(static_cast<std::size_t>(index));
    if (form)
        return form;
    form = makeForm(index);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(form);
    form->setAutoFillBackground(false); // setWidget() turns it on
    m_forms->addWidget(scroll);
    if (m_watch)
        form->showLive(*m_watch);
    return form;
}

void Inspector::show(const Editing &editing, const std::optional<Path> &chosen)
{
    const int index = formIndex(*editing.route, chosen);
    Editing here = editing;
    here.path = chosen.value_or(Path {});
    m_shown = form(index);
    m_shown->show(here);
    m_forms->setCurrentWidget(m_shown->parentWidget()->parentWidget()); // its scroll area
    showHeading(editing, chosen);
    m_duplicate->setEnabled(editing.editable && (!chosen || !chosen->isEmpty()));
    m_delete->setEnabled(editing.editable && (!chosen || !chosen->isEmpty()));
    const PlanNode *node = chosen ? nodeAt(editing.route->plan, *chosen) : nullptr;
    m_unwrap->setVisible(node && childCount(*node) > 0);
    m_unwrap->setEnabled(editing.editable);
    m_duplicate->setText(chosen ? tr("Duplicate") : tr("Duplicate route"));
    m_delete->setText(chosen ? tr("Delete") : tr("Delete route"));
}

void Inspector::showHeading(const Editing &editing, const std::optional<Path> &chosen)
{
    const PlanNode *node = chosen ? nodeAt(editing.route->plan, *chosen) : nullptr;
    if (!node) {
        m_mark->set({}, Icon::Play);
        m_title->setText(bridge::qt(editing.route->name));
        const int more = static_cast<int>(editing.route->aliases.size());
        m_subtitle->setText(more == 0 ? tr("Route") : more == 1 ? tr("Route, also by another name") : tr("Route, also by %1 other names").arg(more));
        return;
    }
    m_title->setText(titleOf(*node));
    m_subtitle->setText(placeWords(editing.route->plan, *chosen));
    const auto *target = std::get_if<TargetNode>(&node->node);
    m_mark->set(target ? bridge::qt(target->provider) : QString(), target ? Icon::None : iconOf(kindOf(*node)));
}

void Inspector::showLive(const TrafficWatch &watch)
{
    m_watch = &watch;
    for (NodeForm *form : m_byKind)
        if (form)
            form->showLive(watch);
}

void Inspector::showProblems(const QStringList &problems)
{
    m_problem->setText(problems.join(u'\n'));
    m_problem->setVisible(!problems.isEmpty());
}

void Inspector::focusFirst()
{
    if (!m_shown)
        return;
    QWidget *field = m_shown->firstField();
    field->setFocus(Qt::TabFocusReason);
    if (auto *line = qobject_cast<QLineEdit *>(field))
        line->selectAll();
}

} // namespace ui::routes
