// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/credentials_card.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

namespace {

enum HealthRole { StrongWords = Qt::UserRole + 1 };

/// "Key rejected tries again 14:40": the first words in the colour of the state.
class HealthDelegate final : public TextDelegate
{
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColors &c = colorsOf(option.palette);
        painter->save();
        paintBackground(painter, option, index);
        QRect line = option.rect.adjusted(8, 0, -8, 0);
        const QString strong = index.data(StrongWords).toString();
        if (!strong.isEmpty()) {
            painter->setFont(textFont(12, QFont::DemiBold));
            painter->setPen(c.of(Role(index.data(CellIconRole).toInt())));
            painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft, strong);
            line.setLeft(line.left() + painter->fontMetrics().horizontalAdvance(strong) + 5);
        }
        painter->setFont(textFont(12));
        painter->setPen(strong.isEmpty() ? c.text : c.muted);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, line.width()));
        painter->restore();
    }
};

} // namespace

void CredentialsModel::show(const Provider &provider, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now, bool editable)
{
    const bool sameRows = provider.credentials.size() == m_provider.credentials.size() && provider.name == m_provider.name;
    if (!sameRows)
        beginResetModel();
    m_provider = provider;
    m_health = health;
    m_now = now;
    m_editable = editable;
    if (!sameRows)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int CredentialsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_provider.credentials.size()); }
int CredentialsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant CredentialsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Weight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Key: return tr("Key");
    case Weight: return tr("Weight");
    case Health: return tr("State");
    default: return {};
    }
}

QVariant CredentialsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Credential &one = m_provider.credentials[static_cast<std::size_t>(index.row())];
    const auto words = [&] { return credentialWords(bridge::figuresOf(m_health, m_provider.name, std::nullopt, one.name), m_now); };
    switch (role) {
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case CellIcon: return index.column() == State ? QVariant(int(words().icon)) : QVariant();
    case CellIconRole: return int(words().role);
    case CellStrong: return index.column() == Name;
    case CellMono: return index.column() == Key;
    case StrongWords: return index.column() == Health ? words().strong : QString();
    case Qt::AccessibleTextRole:
        // What stands in the key's cell is never read out, not even its last characters.
        if (index.column() == Key)
            return isGiven(one) ? tr("a key is stored") : tr("no key");
        if (index.column() == State || index.column() == Health)
            return tr("%1 %2").arg(words().strong, words().words).trimmed();
        break;
    case Qt::EditRole:
        switch (index.column()) {
        case Name: return bridge::qt(one.name);
        case Weight: return one.weight;
        default: return {};
        }
    case Qt::ToolTipRole:
        if (index.column() == Key && !one.serviceAccount.empty())
            return credentialLine(m_kinds, m_provider.kind, one); // an address, too long for the column
        return index.column() == Health || index.column() == State ? QVariant(tr("%1 %2").arg(words().strong, words().words).trimmed()) : QVariant();
    default: break;
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Name: return bridge::qt(one.name);
    case Key: return credentialLine(m_kinds, m_provider.kind, one);
    case Weight: return QString::number(one.weight);
    case Health: return words().words;
    default: return {};
    }
}

Qt::ItemFlags CredentialsModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const bool field = index.column() == Name || index.column() == Weight;
    return m_editable && field ? flags | Qt::ItemIsEditable : flags;
}

bool CredentialsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !index.isValid())
        return false;
    Credential changed = m_provider.credentials[static_cast<std::size_t>(index.row())];
    const QString text = value.toString().trimmed();
    bool number = false;
    const int parsed = text.toInt(&number);
    bool taken = false;
    switch (index.column()) {
    case Name:
        taken = !nameProblem(NameOf::Credential, bridge::utf8(text));
        for (const Credential &other : m_provider.credentials)
            taken = taken && (&other == &m_provider.credentials[static_cast<std::size_t>(index.row())] || other.name != bridge::utf8(text));
        changed.name = bridge::utf8(text);
        break;
    case Weight:
        taken = number && parsed > 0;
        changed.weight = parsed;
        break;
    default: break;
    }
    if (!taken)
        return false;
    Q_EMIT edited(index.row(), changed);
    return true;
}

CredentialsCard::CredentialsCard(const Kinds &kinds, QWidget *parent)
    : Card(tr("Credentials"), tr("balanced by weight, a rejected one rests"), parent), m_model(new CredentialsModel(kinds, this)), m_table(new TableView(RowHeight::Card)), m_add(new Button(Icon::Plus, tr("Add key")))
{
    setObjectName(u"providers.credentials.card"_s);
    m_add->setSmall(true);
    m_add->setObjectName(u"providers.credentials.add"_s);
    addToHeader(m_add);
    m_table->setObjectName(u"providers.credentials"_s);
    m_table->setAccessibleName(tr("Credentials"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(CredentialsModel::Health, new HealthDelegate(m_table));
    m_table->setColumnWidths({36, 120, 160, 72, 0});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setRowLines(true);
    auto *none = new Label(Label::Kind::Secondary, tr("No key: calls go out without one."));
    none->setContentsMargins(12, 4, 12, 12);
    m_none = none;
    body()->addWidget(m_table);
    body()->addWidget(m_none);
    connect(m_add, &QPushButton::clicked, this, &CredentialsCard::addWanted);
    connect(m_model, &CredentialsModel::edited, this, &CredentialsCard::edited);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        const QModelIndex index = m_table->indexAt(at);
        if (!index.isValid())
            return;
        m_table->selectRow(index.row());
        menu()->popup(m_table->viewport()->mapToGlobal(at));
    });
    const auto act = [this](const QString &text, Icon icon, const char *name, void (CredentialsCard::*signal)(const QString &)) {
        QAction *action = menu()->addAction(themedIcon(icon), text);
        action->setObjectName(QString::fromLatin1(name));
        connect(action, &QAction::triggered, this, [this, signal] {
            if (!chosen().isEmpty())
                Q_EMIT(this->*signal)(chosen());
        });
    };
    act(tr("Test this key"), Icon::Zap, "providers.credentials.test", &CredentialsCard::testWanted);
    act(tr("Replace key…"), Icon::Key, "providers.credentials.replace", &CredentialsCard::replaceWanted);
    act(tr("Remove"), Icon::Trash, "providers.credentials.remove", &CredentialsCard::removeWanted);
    connect(menu(), &QMenu::aboutToShow, this, [this] {
        for (QAction *action : menu()->actions())
            action->setEnabled(!chosen().isEmpty() && (m_editable || action->objectName().endsWith(u".test")));
    });
}

void CredentialsCard::show(const Provider &provider, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now, bool editable)
{
    // The second's figures wait while a cell is being typed in: they would overwrite it.
    if (m_table->viewport()->findChild<QLineEdit *>() && provider == m_model->provider())
        return;
    const QString before = chosen();
    m_editable = editable;
    m_model->show(provider, health, now, editable);
    m_add->setEnabled(editable);
    const int rows = m_model->rowCount();
    m_table->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    m_table->setFixedHeight(28 + rows * 32);
    if (rows > 0 && chosen().isEmpty())
        choose(before.isEmpty() ? bridge::qt(provider.credentials.front().name) : before);
}

QString CredentialsCard::chosen() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? current.siblingAtColumn(CredentialsModel::Name).data().toString() : QString();
}

void CredentialsCard::choose(const QString &name)
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (m_model->index(row, CredentialsModel::Name).data().toString() == name)
            m_table->setCurrentIndex(m_model->index(row, CredentialsModel::Name));
}

} // namespace ui::providers
