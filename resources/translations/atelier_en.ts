<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
    <context>
        <name>BatchForm</name>
    </context>
    <context>
        <name>BatchWindow</name>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%n failed</numerusform>
                <numerusform>%n failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them had been made before.</source>
            <translation>
                <numerusform>%n of them had been made before.</numerusform>
                <numerusform>%n of them had been made before.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n could not be made:</source>
            <translation>
                <numerusform>%n could not be made:</numerusform>
                <numerusform>%n could not be made:</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Group</name>
        <message numerus="yes">
            <source>%n more</source>
            <translation>
                <numerusform>%n more</numerusform>
                <numerusform>%n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n set</source>
            <translation>
                <numerusform>%n set</numerusform>
                <numerusform>%n set</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PaletteBoard</name>
        <message numerus="yes">
            <source>%n colour(s)</source>
            <translation>
                <numerusform>%n colour</numerusform>
                <numerusform>%n colours</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n colour(s) copied</source>
            <translation>
                <numerusform>%n colour copied</numerusform>
                <numerusform>%n colours copied</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PromptField</name>
        <message numerus="yes">
            <source>%n token(s)</source>
            <translation>
                <numerusform>%n token</numerusform>
                <numerusform>%n tokens</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>StatusStrip</name>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n text</numerusform>
                <numerusform>%n texts</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n colour(s)</source>
            <translation>
                <numerusform>%n colour</numerusform>
                <numerusform>%n colours</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Studio</name>
    </context>
    <context>
        <name>TextBoard</name>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n text</numerusform>
                <numerusform>%n texts</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Keep %n starred</source>
            <translation>
                <numerusform>Keep %n starred</numerusform>
                <numerusform>Keep %n starred</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n text(s) copied</source>
            <translation>
                <numerusform>%n text copied</numerusform>
                <numerusform>%n texts copied</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Files</name>
        <message numerus="yes">
            <source>{0}, without %n source picture(s) that this machine does not have</source>
            <translation>
                <numerusform>{0}, without %n source picture that this machine does not have</numerusform>
                <numerusform>{0}, without %n source pictures that this machine does not have</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Timeline</name>
        <message numerus="yes">
            <source>%n state(s) deleted</source>
            <translation>
                <numerusform>%n state deleted</numerusform>
                <numerusform>%n states deleted</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Amounts</name>
        <message numerus="yes">
            <source>%n picture(s)</source>
            <translation>
                <numerusform>%n picture</numerusform>
                <numerusform>%n pictures</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n text(s)</source>
            <translation>
                <numerusform>%n text</numerusform>
                <numerusform>%n texts</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n palette(s)</source>
            <translation>
                <numerusform>%n palette</numerusform>
                <numerusform>%n palettes</numerusform>
            </translation>
        </message>
    </context>
</TS>
