// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/detail_header.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

class DetailHeader::Mark final : public QWidget
{
public:
    Mark() { setFixedSize(32, 32); }
    void set(const QString &name)
    {
        m_name = name;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintProviderMark(&painter, rect(), m_name, colorsOf(this));
    }

private:
    QString m_name;
};

DetailHeader::DetailHeader(QWidget *parent)
    : QWidget(parent), m_mark(new Mark), m_title(new Label(Label::Kind::Title)), m_subtitle(new ElidedLabel), m_lock(new ElidedLabel(Role::Warn)),
      m_enabled(new QCheckBox(tr("Enabled"))), m_test(new Button(Icon::Zap, tr("Test"))), m_more(Button::iconOnly(Icon::More, tr("More actions"), nullptr, Button::Kind::Flat))
{
    setFixedHeight(64);
    m_enabled->setObjectName(u"providers.enabled"_s);
    m_test->setKeyHint(u"Ctrl+T"_s);
    m_test->setObjectName(u"providers.test"_s);
    m_more->setObjectName(u"providers.more"_s);
    setUpMenu();
    auto *titles = new QVBoxLayout;
    titles->setSpacing(0);
    titles->addStretch(1);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Maximum);
    titles->addWidget(m_title);
    titles->addWidget(m_subtitle);
    titles->addWidget(m_lock);
    titles->addStretch(1);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_mark);
    row->addLayout(titles, 1);
    row->addWidget(m_enabled);
    row->addSpacing(4);
    row->addWidget(m_test);
    row->addWidget(m_more);
    connect(m_enabled, &QCheckBox::clicked, this, &DetailHeader::enabledWanted);
    connect(m_test, &QPushButton::clicked, this, &DetailHeader::testWanted);
}

void DetailHeader::setUpMenu()
{
    auto *menu = new QMenu(m_more);
    connect(menu->addAction(themedIcon(Icon::Duplicate), tr("Duplicate")), &QAction::triggered, this, &DetailHeader::duplicateWanted);
    QAction *remove = menu->addAction(themedIcon(Icon::Trash), tr("Delete…"));
    remove->setObjectName(u"providers.delete"_s);
    connect(remove, &QAction::triggered, this, &DetailHeader::deleteWanted);
    connect(menu, &QMenu::aboutToShow, this, [this, remove] { remove->setEnabled(!m_locked); });
    connect(m_more, &QPushButton::clicked, menu, [this, menu] { menu->popup(m_more->mapToGlobal(QPoint(m_more->width() - menu->sizeHint().width(), m_more->height() + 2))); });
}

void DetailHeader::show(const Provider &provider, const Kinds &kinds, const QStringList &routes, const QString &file)
{
    const QString name = bridge::qt(provider.name);
    m_mark->set(name);
    m_title->setText(name);
    const auto models = static_cast<int>(provider.models.size());
    QStringList parts {kindTitle(kinds, provider.kind)};
    if (models > 0)
        parts << (models == 1 ? tr("1 model") : tr("%1 models").arg(models));
    parts << (routes.isEmpty() ? tr("not used by a route") : tr("used by %1").arg(routes.size() > 3 ? tr("%1 routes").arg(routes.size()) : routes.join(u", "_s)));
    m_locked = provider.origin == Origin::File;
    m_subtitle->setText(parts.join(u", "_s));
    m_subtitle->setVisible(!m_locked);
    m_lock->setVisible(m_locked);
    m_lock->setText(tr("Set by %1, edit it there").arg(file.isEmpty() ? tr("the --config file") : file));
    const QSignalBlocker quiet(m_enabled);
    m_enabled->setChecked(provider.enabled);
    m_enabled->setEnabled(!m_locked);
}

void DetailHeader::setTesting(bool testing) { m_test->setEnabled(!testing); }

} // namespace ui::providers
