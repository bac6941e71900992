<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ui::alerts</name>
    <message numerus="yes">
        <source>%n team(s)</source>
        <translation>
            <numerusform>%n team</numerusform>
            <numerusform>%n teams</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n customer(s)</source>
        <translation>
            <numerusform>%n customer</numerusform>
            <numerusform>%n customers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n route(s)</source>
        <translation>
            <numerusform>%n route</numerusform>
            <numerusform>%n routes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n provider(s)</source>
        <translation>
            <numerusform>%n provider</numerusform>
            <numerusform>%n providers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tag(s)</source>
        <translation>
            <numerusform>%n tag</numerusform>
            <numerusform>%n tags</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::alerts::AlertsPane</name>
    <message numerus="yes">
        <source>%n alert(s)</source>
        <translation>
            <numerusform>%n alert</numerusform>
            <numerusform>%n alerts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n acknowledged: not told again while it lasts</source>
        <translation>
            <numerusform>%n acknowledged: not told again while it lasts</numerusform>
            <numerusform>%n acknowledged: not told again while they last</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::alerts::PreviewChart</name>
    <message numerus="yes">
        <source>%1: would have fired %n time(s). %2</source>
        <translation>
            <numerusform>%1: would have fired once. %2</numerusform>
            <numerusform>%1: would have fired %n times. %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::alerts::PreviewPanel</name>
    <message numerus="yes">
        <source>Would have fired %n time(s)</source>
        <translation>
            <numerusform>Would have fired once</numerusform>
            <numerusform>Would have fired %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::shell::MainWindow</name>
    <message numerus="yes">
        <source>%n firing</source>
        <translation>
            <numerusform>%n firing</numerusform>
            <numerusform>%n firing</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::budgets::BudgetsPane</name>
    <message numerus="yes">
        <source>%n scope(s) scaled by %1 %</source>
        <translation>
            <numerusform>%n scope scaled by %1 %</numerusform>
            <numerusform>%n scopes scaled by %1 %</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Rules of %1 copied to %n scope(s)</source>
        <translation>
            <numerusform>Rules of %1 copied to %n scope</numerusform>
            <numerusform>Rules of %1 copied to %n scopes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::budgets::ScaleDialog</name>
    <message numerus="yes">
        <source>Scale the budgets and limits of %n scope(s)</source>
        <translation>
            <numerusform>Scale the budgets and limits of %n scope</numerusform>
            <numerusform>Scale the budgets and limits of %n scopes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::keys::KeysPane</name>
    <message numerus="yes">
        <source>Revoke %n keys?</source>
        <translation>
            <numerusform>Revoke %n key?</numerusform>
            <numerusform>Revoke %n keys?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n revoked key(s) removed</source>
        <translation>
            <numerusform>%n revoked key removed</numerusform>
            <numerusform>%n revoked keys removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) go on without a team</source>
        <translation>
            <numerusform>%n key goes on without a team</numerusform>
            <numerusform>%n keys go on without a team</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) moved</source>
        <translation>
            <numerusform>%n key moved</numerusform>
            <numerusform>%n keys moved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>End of %n key(s) changed</source>
        <translation>
            <numerusform>End of %n key changed</numerusform>
            <numerusform>End of %n keys changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Budget and limits of %n key(s) changed</source>
        <translation>
            <numerusform>Budget and limits of %n key changed</numerusform>
            <numerusform>Budgets and limits of %n keys changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::keys::BulkDialog</name>
    <message numerus="yes">
        <source>Move %n key(s) to a team</source>
        <translation>
            <numerusform>Move %n key to a team</numerusform>
            <numerusform>Move %n keys to a team</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>When %n key(s) end</source>
        <translation>
            <numerusform>When %n key ends</numerusform>
            <numerusform>When %n keys end</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Budget and limits of %n key(s)</source>
        <translation>
            <numerusform>Budget and limits of %n key</numerusform>
            <numerusform>Budget and limits of %n keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::keys::TeamsList</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message numerus="yes">
        <source>Lacks %n call(s)</source>
        <translation>
            <numerusform>Lacks %n call</numerusform>
            <numerusform>Lacks %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n header(s)</source>
        <translation>
            <numerusform>%n header</numerusform>
            <numerusform>%n headers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ui::settings::FileLine</name>
    <message numerus="yes">
        <source>%n change(s). What the file does not name stays as it is.</source>
        <translation>
            <numerusform>%n change. What the file does not name stays as it is.</numerusform>
            <numerusform>%n changes. What the file does not name stays as it is.</numerusform>
        </translation>
    </message>
</context>
</TS>
